/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What headings are called in other languages, as the key of the English word. */
#include <stdbool.h>
#include <string.h>

#include "heading_words.h"
#include "headings.h"
#include "input.h"

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
    { "wellenzahlen", "wavenumber" }, { "transmissionsgrad", "transmittance" },
    { "reflexionsgrad", "reflectance" }, { "massenanderung", "masschange" },
    { "intensitatcounts", "intensitycounts" },
    /* French */
    { "nombredprimeondes", "wavenumber" }, { "nombredonde", "wavenumber" }, { "coups", "counts" },
    { "coupspars", "cps" }, { "coupsparseconde", "cps" }, { "comptes", "counts" },
    { "pertedemasse", "massloss" }, { "fluxthermique", "heatflow" }, { "frequence", "frequency" },
    { "temperaturedelprimeechantillon", "sampletemperature" }, { "pressionabsolue", "absolutepressure" },
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
    /* Polish, Czech, Turkish */
    { "dlugoscfali", "wavelength" }, { "liczbafalowa", "wavenumber" }, { "natezenie", "intensity" },
    { "intensywnosc", "intensity" }, { "absorbancja", "absorbance" }, { "absorpcja", "absorption" },
    { "transmitancja", "transmittance" }, { "transmisja", "transmittance" }, { "kat2theta", "2theta" },
    { "przesuniecieramana", "ramanshift" }, { "przesuniecieramanowskie", "ramanshift" },
    { "energiawiazania", "bindingenergy" }, { "czas", "time" }, { "cisnienie", "pressure" },
    { "cisnieniewzgledne", "relativepressure" }, { "napiecie", "voltage" }, { "prad", "current" },
    { "natezenieprad", "current" }, { "czestotliwosc", "frequency" }, { "vlnovadelka", "wavelength" },
    { "vlnocet", "wavenumber" }, { "vlnovecislo", "wavenumber" }, { "intenzita", "intensity" },
    { "absorbancia", "absorbance" }, { "uhel2theta", "2theta" }, { "ramanuvposun", "ramanshift" },
    { "cas", "time" }, { "teplota", "temperature" }, { "hmotnost", "mass" }, { "tlak", "pressure" },
    { "napeti", "voltage" }, { "proud", "current" }, { "dalgaboyu", "wavelength" },
    { "dalgasayisi", "wavenumber" }, { "siddet", "intensity" }, { "sicaklik", "temperature" },
    { "zaman", "time" }, { "kutle", "mass" }, { "basinc", "pressure" }, { "gecirgenlik", "transmittance" },
};

/* Words of scripts without Latin letters, wherever they stand; longer ones first. */
static const struct { const char *foreign, *english; } pieces[] = {
    /* Chinese and Japanese */
    { "結合エネルギー", "bindingenergy" }, { "束縛エネルギー", "bindingenergy" },
    { "運動エネルギー", "kineticenergy" }, { "ラマンシフト", "ramanshift" },
    { "飽和蒸気圧", "saturationpressure" }, { "饱和蒸气压", "saturationpressure" },
    { "放电比容量", "dischargecapacity" }, { "充电比容量", "chargecapacity" },
    { "工步序号", "stepindex" }, { "工步名称", "steptype" }, { "工步类型", "steptype" },
    { "工步状态", "steptype" }, { "记录序号", "record" }, { "绝对时间", "absolutetime" },
    { "系统时间", "systemtime" }, { "相对时间", "relativetime" }, { "测试时间", "testtime" },
    { "充电容量", "chargecapacity" }, { "放电容量", "dischargecapacity" },
    { "吸附体积", "volumeadsorbed" }, { "相对压力", "relativepressure" },
    { "相対圧力", "relativepressure" }, { "拉曼位移", "ramanshift" },
    { "拉曼频移", "ramanshift" }, { "サイクル", "cycle" }, { "绝对压力", "absolutepressure" },
    { "拉曼偏移", "ramanshift" }, { "相对强度", "intensity" }, { "相対強度", "intensity" },
    { "カウント", "counts" }, { "試料温度", "sampletemperature" },
    { "样品温度", "sampletemperature" }, { "電流密度", "currentdensity" },
    { "电流密度", "currentdensity" }, { "放電容量", "dischargecapacity" },
    { "充電容量", "chargecapacity" }, { "库仑效率", "coulombicefficiency" },
    { "循环次数", "cycle" }, { "循环圈数", "cycle" }, { "工步号", "stepindex" },
    { "总时间", "totaltime" }, { "比容量", "speccap" }, { "相対圧", "relativepressure" },
    { "透射率", "transmittance" }, { "反射率", "reflectance" }, { "结合能", "bindingenergy" },
    { "衍射角", "2theta" }, { "回折角", "2theta" }, { "吸着量", "uptake" },
    { "吸附量", "uptake" }, { "吸光度", "absorbance" }, { "透過率", "transmittance" },
    { "透过率", "transmittance" }, { "周波数", "frequency" }, { "平衡圧", "pressure" },
    { "透射比", "transmittance" }, { "透光率", "transmittance" }, { "透過度", "transmittance" },
    { "散乱角", "2theta" }, { "散射角", "2theta" }, { "計数率", "cps" }, { "计数率", "cps" },
    { "熱流束", "heatflow" }, { "循环数", "cycle" }, { "能量", "energy" }, { "功率", "power" },
    { "動能", "kineticenergy" }, { "动能", "kineticenergy" }, { "強度", "intensity" },
    { "强度", "intensity" }, { "温度", "temperature" }, { "時間", "time" }, { "时间", "time" },
    { "質量", "mass" }, { "质量", "mass" }, { "重量", "weight" }, { "圧力", "pressure" },
    { "压力", "pressure" }, { "波数", "wavenumber" }, { "波長", "wavelength" },
    { "波长", "wavelength" }, { "電位", "potential" }, { "电位", "potential" },
    { "电势", "potential" }, { "電圧", "voltage" }, { "电压", "voltage" }, { "電流", "current" },
    { "电流", "current" }, { "熱流", "heatflow" }, { "热流", "heatflow" }, { "容量", "capacity" },
    { "频率", "frequency" }, { "循环", "cycle" }, { "計数", "counts" }, { "计数", "counts" },
    { "失重", "massloss" }, { "压强", "pressure" }, { "吸収", "absorption" },
    { "吸收", "absorption" }, { "角度", "angle" }, { "角", "angle" },
    /* Korean */
    { "결합 에너지", "bindingenergy" }, { "상대 압력", "relativepressure" },
    { "결합에너지", "bindingenergy" }, { "라만 이동", "ramanshift" },
    { "상대압력", "relativepressure" }, { "전류밀도", "currentdensity" },
    { "라만이동", "ramanshift" }, { "흡광도", "absorbance" }, { "투과율", "transmittance" },
    { "투과도", "transmittance" }, { "반사율", "reflectance" }, { "흡착량", "uptake" },
    { "주파수", "frequency" }, { "압력", "pressure" }, { "파장", "wavelength" },
    { "파수", "wavenumber" }, { "세기", "intensity" }, { "강도", "intensity" },
    { "온도", "temperature" }, { "시간", "time" }, { "질량", "mass" }, { "무게", "weight" },
    { "전압", "voltage" }, { "전류", "current" }, { "전위", "potential" }, { "용량", "capacity" },
    /* Russian, in small letters but for abbreviations */
    { "сдвиг комбинационного рассеяния", "ramanshift" },
    { "количество адсорбированного", "quantityadsorbed" },
    { "коэффициент пропускания", "transmittance" },
    { "относительное давление", "relativepressure" },
    { "объем адсорбированного", "volumeadsorbed" },
    { "объём адсорбированного", "volumeadsorbed" }, { "адсорбированный объем", "volumeadsorbed" },
    { "адсорбированный объём", "volumeadsorbed" }, { "оптическая плотность", "absorbance" },
    { "комбинационный сдвиг", "ramanshift" }, { "кинетическая энергия", "kineticenergy" },
    { "величина адсорбции", "uptake" }, { "рамановский сдвиг", "ramanshift" },
    { "удельная емкость", "specificcapacity" }, { "тепловой поток", "heatflow" },
    { "плотность тока", "currentdensity" }, { "волновое число", "wavenumber" },
    { "волновые числа", "wavenumber" }, { "интенсивность", "intensity" },
    { "энергия связи", "bindingenergy" }, { "потеря массы", "massloss" },
    { "поток тепла", "heatflow" }, { "температура", "temperature" },
    { "длина волны", "wavelength" }, { "пропускание", "transmittance" },
    { "напряжение", "voltage" }, { "поглощение", "absorption" }, { "адсорбция", "adsorption" },
    { "сила тока", "current" }, { "потенциал", "potential" }, { "отражение", "reflectance" },
    { "давление", "pressure" }, { "импульсы", "counts" }, { "частота", "frequency" },
    { "емкость", "capacity" }, { "ёмкость", "capacity" }, { "заряд", "charge" },
    { "время", "time" }, { "масса", "mass" }, { "цикл", "cycle" }, { "угол", "angle" },
    { "тета", "theta" }, { "тэта", "theta" }, { "ДТГ", "dtg" }, { "ДСК", "dsc" },
    { "ДТА", "dta" }, { "Ток", "current" }, { "ТГ", "tg" },
};

const char *as_english_key(const char *key)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(key, words[i].foreign) == 0) return words[i].english;
    return key;
}

/* The second byte of a Cyrillic capital's small letter; *first changes with it. */
static unsigned char small_letter(unsigned char *first, unsigned char second)
{
    if (*first != 0xd0 || second < 0x90 || second > 0xaf) return second;
    if (second < 0xa0) return (unsigned char)(second + 0x20);
    *first = 0xd1;
    return (unsigned char)(second - 0x20);
}

static bool begins_with(const char *text, const char *word)
{
    for (size_t i = 0; word[i]; i++) {
        unsigned char a = (unsigned char)text[i], b = (unsigned char)text[i + (a != 0)];
        if (a == 0xd0) b = small_letter(&a, b);
        if (a != (unsigned char)word[i]) return false;
        if (a < 0xd0 || a > 0xd1) continue;
        if (b != (unsigned char)word[++i]) return false;
    }
    return true;
}

const char *as_english_piece(const char *text, size_t *used)
{
    if ((unsigned char)text[0] < 0x80) return NULL;
    for (size_t i = 0; i < COUNT(pieces); i++)
        if (strncmp(text, pieces[i].foreign, strlen(pieces[i].foreign)) == 0 ||
            begins_with(text, pieces[i].foreign))
            return *used = strlen(pieces[i].foreign), pieces[i].english;
    return NULL;
}

char as_without_accent(const char *text)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
    static const char extended[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
                                   "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    const unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
    if (first < 0xc3 || first > 0xc5 || second < 0x80 || second > 0xbf) return '\0';
    if (first > 0xc3) return extended[64 * (first - 0xc4) + second - 0x80];
    return latin1[second - 0x80] == ' ' ? '\0' : latin1[second - 0x80];
}

bool as_split_joined(as_ctx *ctx, const char *text, const char **name, as_unit *unit)
{
    static const char *const below[] = { "g", "kg", "mol", "K", "min", "cm2", "m2", "cm3", "L", "mL" };
    const char *last = strrchr(text, '_');
    bool common = false;
    for (size_t i = 0; last && i < COUNT(below); i++)
        common = common || strcmp(last + 1, below[i]) == 0;
    if (!common) return false;
    size_t end = (size_t)(last - text), from;
    if (end > 4 && strncmp(last - 4, "_per", 4) == 0) end -= 4;
    const bool stp = end > 4 && strncmp(text + end - 4, "_STP", 4) == 0;
    if (stp) end -= 4;
    for (from = end; from > 0 && text[from - 1] != '_'; from--) {}
    if (from < 2) return false;
    const char *over = as_strndup(as_scratch(ctx), text + from, end - from);
    const char *whole = over ? as_format(as_scratch(ctx), "%s%s/%s", over, stp ? "(STP)" : "", last + 1)
                             : NULL;
    as_unit first, both;
    if (!whole || as_unit_parse(ctx, as_scratch(ctx), over, &first) != AS_OK || first.opaque) return false;
    if (as_unit_parse(ctx, as_scratch(ctx), whole, &both) != AS_OK || both.opaque) return false;
    *unit = both;
    *name = as_strndup(as_scratch(ctx), text, from - 1);
    return *name != NULL;
}

bool as_spectral_unit(const char *text, as_heading *out)
{
    static const struct { const char *text, *name, *unit; } axes[] = {
        { "cm-1", "wavenumber", "cm-1" },  { "1/cm", "wavenumber", "cm-1" },
        { "cm^-1", "wavenumber", "cm-1" }, { "cm⁻¹", "wavenumber", "cm-1" },
        { "nm", "wavelength", "nm" },
    };
    for (size_t i = 0; i < COUNT(axes); i++) {
        if (!as_same(text, axes[i].text)) continue;
        *out = (as_heading){ .name = axes[i].name, .label = text, .known = true, .stated = true,
                             .unit = as_unit_of(axes[i].unit) };
        return true;
    }
    return false;
}
