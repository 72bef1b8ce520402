"""What is known about names: real people's spellings, and the tables' own order."""

import re
from itertools import chain

import pytest

from qiaoqiao.parties.names import knowledge
from qiaoqiao.parties.names.spelling import SCHEMES, spellings
from qiaoqiao.parties.names.syllables import split

COLUMN = {
    "pinyin": "pinyin", "wade": "taiwan", "hongkong": "hongkong", "macao": "macao", "cantonese": "cantonese",
    "toisan": "americas", "hokkien": "hokkien", "dutch": "dutch", "indonesia": "indonesia", "teochew": "teochew",
    "hainan": "hainan", "hakka": "hakka", "vietnam": "vietnam", "philippines": "philippines",
}  # fmt: skip

REAL_NAMES = {
    "pinyin": """陈大文 chen da wen; 吕丽萍 lyu li ping; 吕丽萍 lv li ping; 欧阳修 ouyang xiu; 曾国藩 zeng guo fan
        区少坤 ou shao kun; 单田芳 shan tian fang; 仇英 qiu ying""",
    "wade": """蒋经国 chiang ching kuo; 李登辉 lee teng hui; 连战 lien chan; 林洋港 lin yang kang; 谢东闵 hsieh tung min
        王永庆 wang yung ching; 张忠谋 chang chung mou; 毛泽东 mao tse tung; 周恩来 chou en lai; 邓小平 teng hsiao ping
        朱德 chu teh; 胡适 hu shih; 蔡英文 tsai ying wen; 吴敦义 wu tun yi
        林怀民 lin huai min; 丁肇中 ting chao chung; 胡金铨 hu chin chuan; 侯孝贤 hou hsiao hsien; 赖清德 lai ching te
        吕秀莲 lu hsiu lien; 柯文哲 ko wen je; 韩国瑜 han kuo yu; 张学良 chang hsueh liang; 俞国华 yu kuo hua""",
    "hongkong": """陈大文 chan tai man; 李嘉诚 li ka shing; 梁振英 leung chun ying; 曾荫权 tsang yam kuen
        陈港生 chan kong sang; 周润发 chow yun fat; 刘德华 lau tak wah; 张国荣 cheung kwok wing; 张学友 cheung hok yau
        梁朝伟 leung chiu wai; 郭富城 kwok fu shing; 周星驰 chow sing chi; 张曼玉 cheung man yuk; 李小龙 lee siu lung
        郭炳湘 kwok ping sheung; 郑裕彤 cheng yu tung; 何鸿燊 ho hung sun; 李家超 lee ka chiu; 陈茂波 chan mau po
        陈国基 chan kwok ki; 霍英东 fok ying tung; 钟士元 chung sze yuen; 谭耀宗 tam yiu chung; 曾俊华 tsang chun wah
        梁锦松 leung kam chung; 李柱铭 lee chu ming; 罗冠聪 law kwun chung; 黄之锋 wong chi fung
        郭炳江 kwok ping kong; 吕志和 lui che woo; 何俊仁 ho chun yan; 涂谨申 to kun sun; 司徒华 szeto wah
        梁国雄 leung kwok hung; 余若薇 yu yeuk mei; 汤家骅 tong ka wah; 吴霭仪 ng ngoi yee; 林卓廷 lam cheuk ting
        曾志伟 tsang chi wai; 梅艳芳 mui yim fong; 谭咏麟 tam wing lun; 陈百强 chan pak keung; 许冠文 hui koon man
        许冠杰 hui koon kit; 黄家驹 wong ka kui; 郑秀文 cheng sau man; 容祖儿 yung cho yee; 陈奕迅 chan yik shun
        古天乐 ku tin lok; 刘青云 lau ching wan; 杨千嬅 yeung tsin wah; 石礼谦 shek lai him; 邓炳强 tang ping keung""",
    "macao": """何厚铧 ho hau wa; 崔世安 chui sai on; 贺一诚 ho iat seng; 马万祺 ma man kei; 岑浩辉 sam hou fai
        吴国昌 ng kuok cheong; 欧阳瑜 aoieong u; 李伟农 lei wai nong; 梁安琪 leong on kei; 区锦新 au kam san
        陈明金 chan meng kam; 黄少泽 wong sio chak; 张裕 cheong u; 刘仕尧 lau si io
        谭俊荣 tam chon weng; 麦瑞权 mak soi kun; 宋碧琪 song pek kei; 李静仪 lei cheng i; 林香生 lam heong sang
        贺定一 ho teng iat; 何润生 ho ion sang; 高开贤 kou hoi in; 陈亦立 chan iek lap; 叶兆佳 ip sio kai""",
    "cantonese": """李孝式 lee hau shik; 李霖泰 lee lam thye; 陆佑 loke yew; 黄亚福 wong ah fook; 陆兆福 loke siew fook
        林芳 lum fong; 陈秀莲 chan sow lin; 黄志强 wong chee keong""",
    "hokkien": """陈大文 tan tai bun; 李光耀 lee kuan yew; 吴作栋 goh chok tong; 吴庆瑞 goh keng swee; 黄廷芳 ng teng fong
        陈嘉庚 tan kah kee; 陈六使 tan lark sye; 李光前 lee kong chian; 林文庆 lim boon keng; 陈祯禄 tan cheng lock
        陈笃生 tan tock seng; 林苍佑 lim chong eu; 林吉祥 lim kit siang; 许文远 khaw boon wan; 王鼎昌 ong teng cheong
        陈庆炎 tan keng yam; 林金山 lim kim san; 杜进才 toh chin chye; 许通美 koh thong bee; 郭令明 kwek leng beng
        黄祖耀 wee cho yaw; 林梧桐 lim goh tong; 杨忠礼 yeoh tiong lay; 骆文秀 loh boon siew; 王文华 ong boon hua
        胡文虎 aw boon haw; 郭芳枫 kwek hong png; 张志贤 teo chee hean; 颜金勇 gan kim yong
        陈金声 tan kim seng; 颜永成 gan eng seng; 陈修信 tan siew sin; 林敬益 lim keng yaik
        林文兴 lim boon heng; 林瑞生 lim swee say; 徐芳达 chee hong tat; 许宝琨 koh poh koon
        梁志强 neo chee keong""",
    "teochew": """陈旭年 tan hiok nee; 佘有进 seah eu chin; 王瑞杰 heng swee keat; 陈大文 tan tai bung""",
    "hainan": """韩瑞生 han sui sen; 符清 foo seng; 林三 lim ta""",
    "dutch": """林绍良 liem sioe liong; 黄仲涵 oei tiong ham; 郭德怀 kwee tek hoay; 黄志信 oei tjie sien
        许金安 khouw kim an; 萧玉灿 siauw giok tjhan; 郭克明 kwee kek beng; 洪渊源 ang jan goan; 林群贤 liem koen hian
        李金福 lie kim hok; 林天佑 liem thian joe
        黄奕聪 oei ek tjhong; 谢建隆 tjia kian liong; 苏福义 soe hok gie; 叶添兴 yap thiam hien; 陈友福 tan joe hok
        林水镜 liem swie king; 郭建义 kwik kian gie; 黄自达 oei tjoe tat; 许平和 kho ping hoo; 王福涵 ong hok ham""",
    "indonesia": """林绍良 lim siu liong; 蔡志成 coa ci seng; 杨文德 yo bun tek; 曾玉珍 can giok tin""",
    "hakka": """叶亚来 yap ah loy; 姚德胜 yau tet shin; 胡子春 foo choo choon; 张榕轩 tjong yong hian
        张阿辉 tjong a fie; 罗芳伯 lo fong pak""",
    "vietnam": """陈大文 tran dai van; 陈兴道 tran hung dao; 阮文绍 nguyen van thieu; 武元甲 vo nguyen giap
        胡志明 ho chi minh; 吴廷琰 ngo dinh diem; 范文同 pham van dong; 黄福 huynh phuoc
        潘佩珠 phan boi chau; 黎利 le loi; 李常杰 ly thuong kiet; 刘永福 luu vinh phuc; 邓小平 dang tieu binh
        毛泽东 mao trach dong; 孙中山 ton trung son; 周恩来 chu an lai; 蒋介石 tuong gioi thach; 周润发 chau nhuan phat
        梁朝伟 luong trieu vy; 巩俐 cung loi""",
    "toisan": """伍盘照 ng poon chew; 司徒美堂 seto may tong; 邝友良 fong yau leong; 余江 yee kong; 黄荣 wong wing
        曾景文 dong king man; 吕金功 lue gim gong; 容闳 yung wing""",
    "philippines": """施至成 sy chi sieng; 郑少坚 ty siao kian; 陈永栽 tan eng chai; 吴奕辉 go ek hui""",
}  # fmt: skip


def equations() -> list[tuple[str, str, str]]:
    """Return scheme, name in characters, name in letters."""
    return [
        (scheme, *entry.strip().split(" ", 1))
        for scheme, text in REAL_NAMES.items()
        for entry in re.split(r"[;\n]", text)
    ]


@pytest.mark.parametrize(("scheme", "hans", "latin"), equations())
def test_a_real_persons_name_is_spelt_as_the_papers_have_it(scheme, hans, latin):
    surname, *syllables = latin.split()
    given = hans[-len(syllables) :]

    assert surname in knowledge.surnames()[hans.removesuffix(given)].spellings[COLUMN[scheme]]
    for character, syllable in zip(given, syllables, strict=True):
        reading = knowledge.characters()[character].reading
        spelt = spellings(reading, "hokkien" if scheme == "philippines" else scheme)
        assert syllable in spelt, (character, syllable, spelt)


def test_more_than_sixty_real_names_are_compared():
    assert len(set(equations())) == len(equations()) > 60


def test_every_surname_has_spellings_in_every_column():
    assert len(knowledge.surnames()) >= 520
    for surname in knowledge.surnames().values():
        assert set(surname.spellings) >= {*COLUMN.values(), "americas"}
        for column, words in surname.spellings.items():
            assert words, (surname.hans, column)


def test_every_spelling_is_bare_lower_case_and_stands_once():
    for surname in knowledge.surnames().values():
        for words in (*surname.spellings.values(), surname.adopted):
            assert len(set(words)) == len(words), (surname.hans, words)
            assert all(re.fullmatch("[a-z]+", word) for word in words), (surname.hans, words)


def test_the_commonest_surnames_weigh_most():
    weights = {hans: one.weight for hans, one in knowledge.surnames().items()}

    assert max(weights, key=weights.__getitem__) == "陈"
    assert min(weights[c] for c in "陈林黄李张王吴") > 5 * max(weights[c] for c in "亓佘粟")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_character_is_spelt_in_every_scheme_with_letters_only(scheme):
    for character in knowledge.characters().values():
        words = spellings(character.reading, scheme)
        assert words, character
        assert all(re.fullmatch("[a-z]+", word) for word in words), (character, words)
        assert len(set(words)) == len(words)


def test_every_surname_is_written_with_known_characters():
    known = knowledge.characters()

    assert set(chain.from_iterable(knowledge.surnames())) <= set(known)
    assert 5000 <= len(known) <= 8000
    assert all(1 <= one.weight <= 1000 for one in known.values())


@pytest.mark.parametrize(
    ("written", "simple"),
    [
        ("陳大文", "陈大文"),
        ("鍾鐘", "钟钟"),
        ("羣峯", "群峰"),
        ("黃啟恆", "黄启恒"),
        ("葉裏裡", "叶里里"),
        ("Tan 陳", "Tan 陈"),
    ],
)
def test_full_forms_and_variants_become_simplified(written, simple):
    assert knowledge.simplified(written) == simple


def test_simplified_characters_stay_as_they_are():
    for hans in chain(knowledge.characters(), knowledge.surnames()):
        assert knowledge.simplified(hans) == hans


@pytest.mark.parametrize(
    "pair", ["萧肖", "傅付", "阎闫", "邱丘", "戴代", "伟玮", "晴睛", "己已", "末未", "梅海"]
)
def test_characters_confused_in_registers_are_known_both_ways(pair):
    first, second = pair

    assert second in knowledge.confusable()[first]
    assert first in knowledge.confusable()[second]


def test_no_character_is_confused_with_itself():
    assert all(character not in others for character, others in knowledge.confusable().items())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jose", "joseph"),
        ("pepe", "joe"),
        ("juan", "john"),
        ("maria", "mary"),
        ("carlos", "charles"),
        ("pieter", "pedro"),
    ],
)
def test_a_given_name_is_the_same_in_other_languages(one, other):
    assert knowledge.western()[one].group == knowledge.western()[other].group != ""


def test_given_names_are_enough_and_well_formed():
    words = knowledge.western()
    kinds = [word.kind for word in words.values()]

    assert kinds.count("western") >= 900
    assert kinds.count("indonesian") >= 300
    assert set(kinds) == {"western", "indonesian", "vietnamese_middle", "particle"}
    assert all(re.fullmatch("[a-z]+", word.name) and word.sex in {"m", "f", "u"} for word in words.values())
    assert all(word.group in words for word in words.values() if word.group)


KNOWN = frozenset("da wen dai man tai xiao ming guang yuan gu ang xi ao li an lian kwok".split())


@pytest.mark.parametrize(
    ("token", "best"),
    [
        ("dawen", ("da", "wen")),
        ("taiman", ("tai", "man")),
        ("xiaoming", ("xiao", "ming")),
        ("guangyuan", ("guang", "yuan")),
    ],
)
def test_a_joined_given_name_is_cut_into_the_fewest_syllables(token, best):
    assert split(token, KNOWN)[0] == best


def test_an_ambiguous_token_is_cut_in_every_way_and_an_unknown_one_in_none():
    assert split("lian", KNOWN) == [("lian",), ("li", "an")]
    assert split("smith", KNOWN) == []
    assert split("", KNOWN) == []
