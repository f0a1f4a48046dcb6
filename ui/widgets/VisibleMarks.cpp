// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/VisibleMarks.h"
#include <QChar>
#include <QCoreApplication>
#include <array>

namespace ui {

namespace {

struct Range {
    char32_t first, last;
};

// Letters and marks by their category that nevertheless show nothing.
constexpr Range blanks[] = {{0x034F, 0x034F}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},  {0x2800, 0x2800},
                            {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xE0000, 0xE0FFF}};

bool isBlank(char32_t code)
{
    return std::any_of(std::begin(blanks), std::end(blanks), [code](Range range) { return code >= range.first && code <= range.last; });
}

bool isHidden(char32_t code, Spaces spaces)
{
    if (code >= 0x20 && code < 0x7F)
        return false;
    if (spaces == Spaces::Kept && (code == 0xA0 || code == 0x202F))
        return false;
    switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return isBlank(code);
    }
}

bool isCombining(char32_t code)
{
    return code >= 0x300 && (QChar::category(code) == QChar::Mark_NonSpacing || QChar::category(code) == QChar::Mark_Enclosing);
}

QString codePoint(char32_t code)
{
    return QStringLiteral("U+%1").arg(uint(code), 4, 16, QLatin1Char('0')).toUpper();
}

QString spokenName(char32_t code)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("ui::VisibleMarks", text); };
    switch (code) {
    case '\n': return tr("line break");
    case '\t': return tr("tab");
    case '\r': return tr("carriage return");
    case 0x1B: return tr("escape character");
    case 0xA0: return tr("no-break space");
    case 0xAD: return tr("soft hyphen");
    case 0x200B: return tr("zero width space");
    case 0x200C: return tr("zero width non-joiner");
    case 0x200D: return tr("zero width joiner");
    case 0x200E: return tr("left-to-right mark");
    case 0x200F: return tr("right-to-left mark");
    case 0x202D: return tr("left-to-right override");
    case 0x202E: return tr("right-to-left override");
    case 0x2060: return tr("word joiner");
    case 0xFEFF: return tr("byte order mark");
    default: break;
    }
    if (code >= 0xE0000 && code <= 0xE007F)
        return tr("invisible tag character");
    return tr("hidden character %1").arg(codePoint(code));
}

struct Reader {
    QStringView text;
    qsizetype at = 0;

    char32_t next(qsizetype *length)
    {
        const QChar first = text[at];
        if (first.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate()) {
            *length = 2;
            return QChar::surrogateToUcs4(first, text[at + 1]);
        }
        *length = 1;
        return first.unicode();
    }
};

MarkedPiece markFor(char32_t code, qsizetype start, qsizetype length)
{
    QString shown = codePoint(code);
    if (code == '\n')
        shown = QStringLiteral("↵");
    else if (code == '\t')
        shown = QStringLiteral("⇥");
    return {shown, true, spokenName(code), start, length};
}

} // namespace

QList<MarkedPiece> visibleMarks(QStringView text, Spaces spaces)
{
    QList<MarkedPiece> pieces;
    Reader reader{text};
    qsizetype begin = 0;
    int combining = 0;
    const auto flush = [&](qsizetype end) {
        if (end > begin)
            pieces.append({text.mid(begin, end - begin).toString(), false, {}, begin, end - begin});
    };
    while (reader.at < text.size()) {
        qsizetype length = 1;
        const char32_t code = reader.next(&length);
        combining = isCombining(code) ? combining + 1 : 0;
        if (isHidden(code, spaces) || combining > 2) {
            flush(reader.at);
            pieces.append(markFor(code, reader.at, length));
            if (code == '\n')
                pieces.append({QStringLiteral("\n"), false, {}, reader.at, length});
            begin = reader.at + length;
        }
        reader.at += length;
    }
    flush(text.size());
    return pieces;
}

QString visibleText(QStringView text, Spaces spaces)
{
    QString out;
    for (const MarkedPiece &piece : visibleMarks(text, spaces)) {
        if (piece.mark && piece.text.startsWith(QLatin1String("U+")))
            out += QLatin1Char('[') + piece.text + QLatin1Char(']');
        else if (piece.text != QLatin1String("\n"))
            out += piece.text;
    }
    return out;
}

QString spokenText(QStringView text)
{
    QString out;
    for (const MarkedPiece &piece : visibleMarks(text, Spaces::Kept)) {
        if (piece.mark)
            out += QLatin1Char(' ') + piece.spoken + QLatin1Char(' ');
        else if (piece.text != QLatin1String("\n"))
            out += piece.text;
    }
    return out.simplified();
}

qsizetype hiddenCharacters(QStringView text)
{
    const QList<MarkedPiece> pieces = visibleMarks(text);
    return std::count_if(pieces.begin(), pieces.end(), [](const MarkedPiece &piece) { return piece.mark && piece.text.size() > 1; });
}

QStringList mixedScriptWords(QStringView text)
{
    constexpr std::array lookalikes{QChar::Script_Latin, QChar::Script_Greek, QChar::Script_Cyrillic, QChar::Script_Armenian,
                                    QChar::Script_Cherokee};
    QStringList words;
    unsigned scripts = 0;
    qsizetype begin = 0;
    Reader reader{text};
    const auto endWord = [&](qsizetype end) {
        if ((scripts & (scripts - 1)) != 0)
            words.append(text.mid(begin, end - begin).toString());
        scripts = 0;
    };
    while (reader.at < text.size()) {
        qsizetype length = 1;
        const char32_t code = reader.next(&length);
        if (QChar::isLetter(code)) {
            const auto found = std::find(lookalikes.begin(), lookalikes.end(), QChar::script(code));
            if (found != lookalikes.end())
                scripts |= 1U << unsigned(found - lookalikes.begin());
        } else if (!QChar::isMark(code) && !QChar::isDigit(code)) {
            endWord(reader.at);
            begin = reader.at + length;
        }
        reader.at += length;
    }
    endWord(text.size());
    return words;
}

QString withoutMnemonics(QString text)
{
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace ui
