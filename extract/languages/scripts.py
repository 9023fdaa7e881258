"""Writing systems: how much of each a text has, and what they say by themselves."""

from __future__ import annotations

import re

MIN_HAN = 8
_HAN_WORTH = 3
"""A Chinese character says as much as some three letters."""
_BY_THE_WAY = 0.01
_ENOUGH = 4_000
"""So many characters, spread over a text, say how much of it is in each writing system."""

_EAST = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff]+")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
_OTHER_RANGES = {
    "ko": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "hy": "\u0531-\u0587",
    "ka": "\u10a0-\u10ff",
    "th": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "hi": "\u0900-\u0963\u0970-\u097f",
}
_OTHERS = tuple((name, re.compile(f"[{ranges}]+")) for name, ranges in _OTHER_RANGES.items())
_ANY_OTHER = re.compile("[" + "".join(_OTHER_RANGES.values()) + "]")
_FOREIGN = re.compile("[^\x00-\u024f\u1e00-\u1eff\u2000-\u2bff\ufb00-\ufb06\ufffd\ue000-\uf8ff]")

# Common characters that only one of the two spellings of Chinese has.
_SIMPLIFIED = frozenset(
    "国会对时与为这来发们个说长现学过动进种样经体东关门间车见马书无电开气风问义议员业协办务农传报场华记丽乐习买军写"
    "则刘师应庆归当录总战扩护择担据机权条极构标树桥梦欢汉没济测滨满灭热爱独环职联脑艺节药营获虑规觉计订认讨让训讲许"
    "论设访证评识诉词试话该详语误请读课调谈谢谱贝负财责败货质贯贵费资赛赞跃转轮软轻载较辅辑输边达迁运还远违连迟适选"
    "递逻遗邮邻郑释铁银锋锦镇闭闻阳阴阶际陆陈险随隐难雾静顶项顺须顾预领频题颜额飞饭馆驻验鱼鲁鸟麦黄齐齿龙"
)
_TRADITIONAL = frozenset(
    "國會對時與為這來發們個說長現學過動進種樣經體東關係門間車見馬書無電開氣風問義議員業協辦務農傳報場華麗樂習買軍寫"
    "則劉師應慶歸當錄總戰擴護擇擔據機權條極構標樹橋夢歡漢沒濟測濱滿滅熱愛獨環職聯腦藝節藥營獲慮規覺計訂認討讓訓記講"
    "許論設訪證評識訴詞試話該詳語誤請讀課調談謝譜貝負財責敗貨質貫貴費資賽贊躍轉輪軟輕載較輔輯輸邊達遷運還遠違連遲適"
    "選遞邏遺郵鄰鄭釋裡鐵銀鋒錦鎮閉聞陽陰階際陸陳險隨隱難霧靜頂項順須顧預領頻題顏額飛飯館駐驗魚魯鳥麥黃齊齒龍"
)


def weights(text: str) -> dict[str, int]:
    """How much of a text is in each writing system, in letters; those without any are left out.

    >>> weights("Chengdu 成都")
    {'latin': 7, 'east': 6}
    """
    if not _FOREIGN.search(text):
        letters = sum(map(str.isalpha, text))
        return {"latin": letters} if letters else {}
    found = {"latin": _count(_LATIN, text), "east": _HAN_WORTH * _count(_EAST, text)}
    if _ANY_OTHER.search(text):
        found |= {name: _count(letters, text) for name, letters in _OTHERS}
    return {name: weight for name, weight in found.items() if weight}


def mixed(text: str) -> bool:
    """Whether more than a word here and there is in another writing system than the rest."""
    if not _FOREIGN.search(text):
        return False
    found = weights(text[:: 1 + len(text) // _ENOUGH]).values()
    return len(found) > 1 and sum(found) - max(found) > _BY_THE_WAY * sum(found)


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def leading(text: str) -> str:
    """The writing system of most of a text; nothing where it has no letters."""
    found = weights(text)
    return max(found, key=lambda name: found[name]) if found else ""


def of_the_east(text: str) -> str:
    """Whether Chinese characters are Chinese or Japanese, and in which spelling; `und` where they are few.

    >>> [of_the_east(text) for text in ("与成都缔结友好城市关系", "締結友好城市關係", "共同发布友好城市", "成都")]
    ['zh-Hans', 'zh-Hant', 'zh', 'und']
    """
    characters, kana = _count(_EAST, text), _count(_KANA, text)
    if characters < MIN_HAN:
        return "und"
    if kana > 0.1 * characters:
        return "ja"
    simplified, traditional = (sum(map(spelling.__contains__, text)) for spelling in (_SIMPLIFIED, _TRADITIONAL))
    if max(simplified, traditional) < max(2, 2 * min(simplified, traditional)):
        return "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def by_letters(script: str, block: str) -> str:
    """The language that a writing system stands for, or the likeliest of those that share it."""
    if script == "cyrillic":
        return "uk" if re.search("[іїєґ]", block.lower()) else "ru"
    if script == "arabic":
        return "fa" if len(re.findall("[پچگژ]", block)) > len(block) / 100 else "ar"
    return script
