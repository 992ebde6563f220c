/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What headings are called in other languages, as the key of the English word. */
#include <string.h>

#include "heading_words.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Keys of as_plain_key: without blanks and accents; an apostrophe is "prime" there. */
static const struct { const char *foreign, *english; } words[] = {
    /* German */
    { "intensitat", "intensity" }, { "zahlrate", "intensity" }, { "impulse", "intensity" },
    { "winkel2theta", "2theta" }, { "2thetawinkel", "2theta" }, { "beugungswinkel", "2theta" },
    { "temperatur", "temperature" }, { "probentemperatur", "sampletemperature" },
    { "zeit", "time" }, { "masse", "mass" }, { "gewicht", "weight" },
    { "massenverlust", "massloss" }, { "masseverlust", "massloss" },
    { "warmestrom", "heatflow" }, { "warmefluss", "heatflow" }, { "ddk", "dsc" }, { "druck", "pressure" },
    { "absolutdruck", "absolutepressure" }, { "relativdruck", "relativepressure" },
    { "relativerdruck", "relativepressure" }, { "adsorbiertemenge", "amountadsorbed" },
    { "adsorbiertesvolumen", "volumeadsorbed" }, { "wellenzahl", "wavenumber" },
    { "wellenlange", "wavelength" }, { "extinktion", "absorbance" },
    { "absorbanz", "absorbance" }, { "reflexion", "reflectance" },
    { "ramanverschiebung", "ramanshift" }, { "bindungsenergie", "bindingenergy" },
    { "kinetischeenergie", "kineticenergy" }, { "spannung", "voltage" }, { "strom", "current" },
    { "stromstarke", "current" }, { "stromdichte", "currentdensity" }, { "ladung", "charge" },
    { "kapazitat", "capacity" }, { "frequenz", "frequency" }, { "zyklus", "cycle" },
    /* French */
    { "intensite", "intensity" }, { "temps", "time" }, { "fluxdechaleur", "heatflow" },
    { "pression", "pressure" }, { "pressionrelative", "relativepressure" },
    { "quantiteadsorbee", "quantityadsorbed" }, { "volumeadsorbe", "volumeadsorbed" },
    { "nombredprimeonde", "wavenumber" }, { "longueurdprimeonde", "wavelength" },
    { "decalageraman", "ramanshift" }, { "deplacementraman", "ramanshift" },
    { "energiedeliaison", "bindingenergy" },
    { "energiecinetique", "kineticenergy" }, { "tension", "voltage" }, { "potentiel", "potential" },
    { "courant", "current" }, { "densitedecourant", "currentdensity" }, { "capacite", "capacity" },
    /* Spanish, Portuguese, Italian */
    { "intensidad", "intensity" }, { "intensidade", "intensity" }, { "intensita", "intensity" },
    { "cuentas", "counts" }, { "contagens", "counts" }, { "conteggi", "counts" },
    { "angulo2theta", "2theta" }, { "angolo2theta", "2theta" }, { "temperatura", "temperature" },
    { "tiempo", "time" }, { "tempo", "time" }, { "masa", "mass" }, { "massa", "mass" },
    { "peso", "weight" }, { "flujodecalor", "heatflow" }, { "fluxodecalor", "heatflow" },
    { "flussodicalore", "heatflow" }, { "presion", "pressure" }, { "pressao", "pressure" },
    { "pressione", "pressure" }, { "presionrelativa", "relativepressure" },
    { "pressaorelativa", "relativepressure" }, { "pressionerelativa", "relativepressure" },
    { "cantidadadsorbida", "amountadsorbed" }, { "volumenadsorbido", "volumeadsorbed" },
    { "quantidadeadsorvida", "amountadsorbed" }, { "volumeadsorvido", "volumeadsorbed" },
    { "numerodeonda", "wavenumber" }, { "numerodprimeonda", "wavenumber" },
    { "longituddeonda", "wavelength" }, { "comprimentodeonda", "wavelength" },
    { "lunghezzadprimeonda", "wavelength" }, { "absorbancia", "absorbance" },
    { "absorvancia", "absorbance" }, { "assorbanza", "absorbance" },
    { "transmitancia", "transmittance" }, { "trasmittanza", "transmittance" },
    { "reflectancia", "reflectance" }, { "riflettanza", "reflectance" },
    { "spostamentoraman", "ramanshift" },
    { "desplazamientoraman", "ramanshift" }, { "deslocamentoraman", "ramanshift" },
    { "energiadeenlace", "bindingenergy" }, { "energiadeligacao", "bindingenergy" },
    { "energiadilegame", "bindingenergy" }, { "potencial", "potential" }, { "voltaje", "voltage" },
    { "corriente", "current" }, { "corrente", "current" }, { "frecuencia", "frequency" },
    { "frequencia", "frequency" }, { "frequenza", "frequency" }, { "capacidad", "capacity" },
};

/* Words of scripts without Latin letters, wherever they stand; longer ones first. */
static const struct { const char *foreign, *english; } pieces[] = {
    /* Chinese and Japanese */
    { "工步序号", "stepindex" }, { "工步号", "stepindex" }, { "工步名称", "steptype" },
    { "工步类型", "steptype" }, { "工步状态", "steptype" }, { "记录序号", "record" },
    { "绝对时间", "absolutetime" }, { "系统时间", "systemtime" }, { "相对时间", "relativetime" },
    { "测试时间", "testtime" }, { "总时间", "totaltime" }, { "充电容量", "chargecapacity" },
    { "放电容量", "dischargecapacity" }, { "比容量", "speccap" }, { "能量", "energy" },
    { "功率", "power" },
    { "吸附体积", "volumeadsorbed" }, { "相对压力", "relativepressure" }, { "相対圧力", "relativepressure" },
    { "相対圧", "relativepressure" }, { "拉曼位移", "ramanshift" },
    { "拉曼频移", "ramanshift" }, { "透射率", "transmittance" }, { "反射率", "reflectance" },
    { "ラマンシフト", "ramanshift" },
    { "結合エネルギー", "bindingenergy" }, { "结合能", "bindingenergy" }, { "動能", "kineticenergy" },
    { "动能", "kineticenergy" }, { "衍射角", "2theta" }, { "回折角", "2theta" },
    { "強度", "intensity" }, { "强度", "intensity" }, { "温度", "temperature" },
    { "時間", "time" }, { "时间", "time" }, { "質量", "mass" }, { "质量", "mass" },
    { "重量", "weight" }, { "圧力", "pressure" }, { "压力", "pressure" }, { "吸着量", "uptake" },
    { "吸附量", "uptake" }, { "波数", "wavenumber" }, { "波長", "wavelength" },
    { "波长", "wavelength" }, { "吸光度", "absorbance" }, { "透過率", "transmittance" },
    { "透过率", "transmittance" }, { "電位", "potential" }, { "电位", "potential" },
    { "电势", "potential" }, { "電圧", "voltage" }, { "电压", "voltage" }, { "電流", "current" },
    { "电流", "current" }, { "熱流", "heatflow" }, { "热流", "heatflow" }, { "容量", "capacity" },
    { "周波数", "frequency" }, { "频率", "frequency" }, { "循环", "cycle" }, { "サイクル", "cycle" },
    { "飽和蒸気圧", "saturationpressure" }, { "平衡圧", "pressure" }, { "饱和蒸气压", "saturationpressure" },
    /* Russian */
    { "Тепловой поток", "heatflow" }, { "тепловой поток", "heatflow" },
    { "Поток тепла", "heatflow" }, { "Потеря массы", "massloss" }, { "потеря массы", "massloss" },
    { "Относительное давление", "relativepressure" },
    { "относительное давление", "relativepressure" },
    { "Количество адсорбированного", "quantityadsorbed" },
    { "Адсорбированный объем", "volumeadsorbed" }, { "Адсорбированный объём", "volumeadsorbed" },
    { "Объем адсорбированного", "volumeadsorbed" }, { "Объём адсорбированного", "volumeadsorbed" },
    { "Величина адсорбции", "uptake" }, { "Адсорбция", "adsorption" },
    { "ДТГ", "dtg" }, { "ДСК", "dsc" }, { "ДТА", "dta" }, { "ТГ", "tg" },
    { "Плотность тока", "currentdensity" }, { "Сила тока", "current" }, { "Ток", "current" },
    { "Напряжение", "voltage" }, { "напряжение", "voltage" }, { "Потенциал", "potential" },
    { "потенциал", "potential" }, { "Частота", "frequency" }, { "частота", "frequency" },
    { "Емкость", "capacity" }, { "Ёмкость", "capacity" }, { "Заряд", "charge" },
    { "Цикл", "cycle" },
    { "Интенсивность", "intensity" }, { "интенсивность", "intensity" },
    { "Температура", "temperature" }, { "температура", "temperature" }, { "Время", "time" },
    { "время", "time" }, { "Масса", "mass" }, { "масса", "mass" }, { "Давление", "pressure" },
    { "давление", "pressure" },
};

const char *as_english_key(const char *key)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(key, words[i].foreign) == 0) return words[i].english;
    return key;
}

const char *as_english_piece(const char *text, size_t *used)
{
    if ((unsigned char)text[0] < 0x80) return NULL;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        const size_t n = strlen(pieces[i].foreign);
        if (strncmp(text, pieces[i].foreign, n) == 0) return *used = n, pieces[i].english;
    }
    return NULL;
}

char as_without_accent(const char *text)
{
    static const char letters[] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
    const unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
    if (first != 0xc3 || second < 0x80 || second > 0xbf) return '\0';
    return letters[second - 0x80] == ' ' ? '\0' : letters[second - 0x80];
}
