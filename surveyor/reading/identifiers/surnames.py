"""Chinese names: the commonest surnames, and what tells a name from another short text."""

from __future__ import annotations

import re

#: The commonest surnames of one character, the most frequent first.
SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒"
    "阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓"
    "古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣"
    "巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满"
    "闻肖傅萧阎赖祖丰"
)
#: Surnames of two characters.
DOUBLE = """
欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|东方|独孤|南宫|轩辕|长孙|宇文|西门|闻人|呼延|申屠|濮阳|淳于
|赫连|钟离|澹台|公冶|太史|百里
""".replace("\n", "")
#: Last characters of places, things and judgements, which hardly any name has.
_NO_LAST = (
    "区县市省镇乡村路街巷里苑园庄屯湾桥院寓厦坊社店厂局所处会班组队栋楼室号层度率费性化量务业题况式型类点站道房厅校馆州"
    "意好差低少多的了"
)
#: Words that begin with a surname's character and are none.
_NO_FIRST = """
安全|安静|安装|安保|安排|安置|卫生|卫浴|路灯|路面|管理|管道|管线|方便|方案|方式|方法|和谐|和睦|应该|应当|成立|成本|全部|全面
|全体|时间|时常|明显|明亮|单元|单位|单身|包括|包容|严重|严格|严肃|高度|高等|高中|高兴|高层|高空|关系|关心|关注|解决|解释
|农村|农民|农业|常常|常住|车位|车辆|车库|车棚|游泳|游乐|温度|温暖|温馨|项目|季节|满意|满足|房屋|房价|房租|房东|石材|金融
|金额|文化|文明|文体|文娱|文艺|康复|康乐|任何|余额|白天|万元|商店|商业|商场|商品|麻烦|景观|党员|党建|党组|党委|费用|师资
|江苏|江西|安徽|宁夏|甘肃|吉林|黄浦|黄石|金华|温州|常州|包头|桂林|柳州|南京|南宁|南昌|南方|于是|从不|连续|原因|官方|官员
|边缘|冷漠|冷清|冷淡|华东|华北|华南|向上|燃气|封闭|施工|田径|游客|夏季|白色|黄色|蓝色
""".replace("\n", "")

_HAN = r"[\u4e00-\u9fff]"
_NAME = re.compile(
    rf"^(?!{_NO_FIRST})(?:(?:{DOUBLE}|[{SINGLE}]){_HAN}{{1,2}}|(?:{DOUBLE}|[{SINGLE}]{{2}}){_HAN}{{2}})(?<![{_NO_LAST}])$",
    re.MULTILINE,
)


def names_among(lines: str) -> int:
    """How many lines look like the name of a person.

    >>> names_among("王小明\\n欧阳娜娜\\n非常满意")
    2
    """
    return len(_NAME.findall(lines))
