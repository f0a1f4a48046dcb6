// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/YamlText.h"
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

// yaml-cpp reads; the edits are made by a scanner of ours, so each of the two finds the mistakes of the other.
namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;

constexpr size_t kMostValues = 500'000; // aliases of aliases make a small file mean a huge one

ConfigFault faultOf(const YAML::Mark &mark, ConfigFault::Kind kind, const QString &reason)
{
    return mark.is_null() ? ConfigFault{kind, 0, 0, reason} : ConfigFault{kind, mark.line + 1, mark.column + 1, reason};
}

size_t sizeOf(const ConfigValue &value)
{
    size_t size = 1;
    for (const ConfigValue &item : value.items)
        size += sizeOf(item);
    for (const auto &member : value.members)
        size += sizeOf(member.second);
    return size;
}

// What a plain scalar is in YAML 1.2's core schema: `yes` and `1_000` are texts there.
ConfigValue plainValue(const QByteArray &text)
{
    static const QRegularExpression number(QStringLiteral(
        R"(^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z)"));
    const QByteArray lower = text.toLower();
    if ((lower == "true" || lower == "false") && (text == lower || text == text.toUpper() || text.mid(1) == lower.mid(1)))
        return {Kind::Boolean, lower};
    return {number.match(QString::fromUtf8(text)).hasMatch() ? Kind::Number : Kind::Text, text};
}

// Builds the value of the one document from yaml-cpp's events.
class ValueBuilder : public YAML::EventHandler
{
public:
    ConfigValue root;
    std::optional<ConfigFault> fault;

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override { add(mark, {}, anchor); }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            return refuse(mark, ConfigFault::Kind::Unsupported, QStringLiteral("An alias stands inside of what it names."));
        m_values += sizeOf(found->second);
        add(mark, found->second, 0);
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const std::string &value) override
    {
        const QByteArray text = QByteArray::fromStdString(value);
        if (!m_open.empty() && m_open.back().value.kind == Kind::Map && !m_open.back().hasKey)
            return openMember(mark, tag, anchor, text);
        add(mark, tag == "?" ? plainValue(text) : tagged(tag, {Kind::Text, text}), anchor);
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Kind::List);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Kind::Map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        ConfigValue value;
        YAML::Mark mark;
        std::string tag;
        YAML::anchor_t anchor = 0;
        bool hasKey = false;
        QByteArray key;
        QSet<QByteArray> keys;
    };

    void refuse(const YAML::Mark &mark, ConfigFault::Kind kind, const QString &reason)
    {
        if (!fault)
            fault = faultOf(mark, kind, reason);
    }

    // A tag of the file's own is part of what a value means.
    static ConfigValue tagged(const std::string &tag, ConfigValue value)
    {
        if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str" || tag == "tag:yaml.org,2002:seq"
            || tag == "tag:yaml.org,2002:map")
            return value;
        ConfigValue out{Kind::Map};
        out.members.emplace_back(QByteArray::fromStdString(tag), std::move(value));
        return out;
    }

    void openMember(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const QByteArray &key)
    {
        Open &map = m_open.back();
        if (anchor != 0 || (tag != "?" && tag != "!"))
            return refuse(mark, ConfigFault::Kind::Unsupported, QStringLiteral("A key has an anchor or a tag, which is not edited."));
        if (map.keys.contains(key))
            refuse(mark, ConfigFault::Kind::Syntax, QStringLiteral("A key is there a second time; delete or rename one of the two."));
        map.keys.insert(key);
        map.key = key;
        map.hasKey = true;
    }

    void open(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, Kind kind)
    {
        m_open.push_back({ConfigValue{kind}, mark, tag, anchor, false, {}, {}});
    }

    void close()
    {
        const Open done = std::move(m_open.back());
        m_open.pop_back();
        add(done.mark, tagged(done.tag, done.value), done.anchor);
    }

    void add(const YAML::Mark &mark, ConfigValue value, YAML::anchor_t anchor)
    {
        if (++m_values > kMostValues)
            refuse(mark, ConfigFault::Kind::Unsupported, QStringLiteral("The file is too large, or its aliases make it so."));
        if (fault)
            return;
        if (anchor != 0)
            m_anchors[anchor] = value;
        if (m_open.empty()) {
            root = std::move(value);
        } else if (Open &in = m_open.back(); in.value.kind == Kind::List) {
            in.value.items.push_back(std::move(value));
        } else if (in.hasKey) {
            in.value.members.emplace_back(in.key, std::move(value));
            in.hasKey = false;
        } else {
            refuse(mark, ConfigFault::Kind::Unsupported, QStringLiteral("A key is no text, which is not edited."));
        }
    }

    std::vector<Open> m_open;
    std::map<YAML::anchor_t, ConfigValue> m_anchors;
    size_t m_values = 0;
};

// Whether our scanner sees the structure that yaml-cpp sees: two readings of one file would mean that a third reader has its own.
bool isReadAlike(const YamlNode &node, const ConfigValue &value)
{
    if (node.hasProperties || node.kind == YamlNode::Kind::Alias)
        return true;
    const auto &children = node.children;
    switch (node.kind) {
    case YamlNode::Kind::Absent: return value.kind == Kind::Null;
    case YamlNode::Kind::Block: return value.kind == Kind::Text;
    case YamlNode::Kind::Scalar: return value.kind != Kind::Map && value.kind != Kind::List;
    case YamlNode::Kind::Flow: return value.kind == Kind::Map || value.kind == Kind::List;
    case YamlNode::Kind::Alias: return true;
    case YamlNode::Kind::Map:
        return value.kind == Kind::Map
               && std::equal(children.begin(), children.end(), value.members.begin(), value.members.end(),
                             [](const YamlChild &child, const auto &member) { return isReadAlike(child.value, member.second); });
    case YamlNode::Kind::List:
        return value.kind == Kind::List
               && std::equal(children.begin(), children.end(), value.items.begin(), value.items.end(),
                             [](const YamlChild &child, const ConfigValue &item) { return isReadAlike(child.value, item); });
    }
    return false;
}

ConfigResult<ConfigValue> parsed(const QByteArray &file)
{
    ValueBuilder builder;
    try {
        std::istringstream stream(file.mid(byteOrderMarkLength(file)).toStdString());
        YAML::Parser parser(stream);
        ValueBuilder further;
        if (parser.HandleNextDocument(builder) && parser.HandleNextDocument(further))
            return tl::unexpected(ConfigFault{ConfigFault::Kind::Unsupported, 0, 0,
                                              QStringLiteral("The file holds several documents, which are not edited.")});
    } catch (const YAML::Exception &error) {
        return tl::unexpected(
            faultOf(error.mark, ConfigFault::Kind::Syntax, QStringLiteral("This is not valid YAML; correct or delete it.")));
    }
    if (builder.fault)
        return tl::unexpected(*builder.fault);
    return std::move(builder.root);
}

} // namespace

ConfigResult<ConfigValue> yamlMeaning(const QByteArray &file, const ConfigDialect &dialect)
{
    if (const auto fault = encodingFault(file))
        return tl::unexpected(*fault);
    if (byteOrderMarkLength(file) > 0 && !dialect.byteOrderMark)
        return tl::unexpected(ConfigFault{ConfigFault::Kind::Encoding, 1, 1,
                                          QStringLiteral("The file begins with a byte order mark, which this client does not read; "
                                                         "save it as UTF-8 without one.")});
    // Stricter than yaml-cpp in places, with better sentences, and it keeps what nests without end away from a reader that recurses.
    const auto text = scanYaml(file);
    if (!text)
        return tl::unexpected(text.error());
    auto value = parsed(file);
    if (!value)
        return value;
    if (!isReadAlike(text->root, *value))
        return tl::unexpected(ConfigFault{ConfigFault::Kind::Unsupported, 0, 0,
                                          QStringLiteral("Readers of YAML would understand this file differently, so it is not edited.")});
    if (value->kind == Kind::Null && text->root.kind == YamlNode::Kind::Absent) {
        if (!dialect.emptyFile)
            return tl::unexpected(ConfigFault{ConfigFault::Kind::Syntax, 1, 1,
                                              QStringLiteral("The file says nothing, which this client does not read; delete it.")});
        value->kind = Kind::Map;
    }
    return value;
}

} // namespace mcpcore
