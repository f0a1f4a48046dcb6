// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/YamlPlace.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;

// One step of the way: a node of the text with its meaning.
struct Walk {
    const QByteArray &file;
    const EntryPlace &place;
    YamlPlace out;

    qsizetype at() const
    {
        const YamlPlace::Step &step = out.last();
        return step.owner ? step.owner->begin : step.node->begin;
    }

    std::optional<ConfigFault> unsupported(const char *reason) const
    {
        return faultAt(file, at(), ConfigFault::Kind::Unsupported, QString::fromLatin1(reason));
    }

    // Whether entries can be put into the node the walk has come to; `wanted` is what it should be.
    std::optional<ConfigFault> check(const ConfigValue &meaning, Kind wanted) const
    {
        const YamlNode &node = *out.last().node;
        if (node.hasProperties || node.kind == YamlNode::Kind::Alias)
            return unsupported("The place of the entry has an anchor, an alias or a tag, which is not edited.");
        if (meaning.kind != wanted && meaning.kind != Kind::Null)
            return faultAt(file, at(), ConfigFault::Kind::WrongType,
                           wanted == Kind::List ? QStringLiteral("A list should stand here and something else does; change or rename it.")
                                                : QStringLiteral("A map should stand here and something else does; change or rename it."));
        if (meaning.kind == Kind::Null && node.kind != YamlNode::Kind::Absent)
            return unsupported("The place of the entry is null; delete the word, or write what it should hold.");
        if (meaning.member("<<"))
            return unsupported("The place of the entry has a merge key (\"<<\"), which is not edited.");
        return {};
    }

    bool isEntry(const ConfigValue &holder, size_t index) const
    {
        const QByteArray name = place.name.toUtf8();
        if (place.holder == EntryPlace::Holder::Map)
            return holder.members[index].first == name;
        const ConfigValue *member = holder.items[index].member("name");
        return member && member->kind == Kind::Text && member->text == name;
    }
};

} // namespace

bool isEmptyFlow(const QByteArray &file, const YamlPlace::Step &step)
{
    const YamlNode &node = *step.node;
    const QByteArray text = node.kind == YamlNode::Kind::Flow ? file.mid(node.begin, node.end - node.begin) : QByteArray();
    return step.owner && (text == "{}" || text == "[]") && node.begin == step.owner->colon + 1 && file[step.owner->colon] == ' ';
}

ConfigResult<YamlPlace> findPlace(const QByteArray &file, const YamlText &text, const ConfigValue &meaning, const EntryPlace &place)
{
    Walk walk{file, place, {}};
    walk.out.steps.push_back({&text.root, nullptr, nullptr});
    const ConfigValue *value = &meaning;
    const Kind ofHolder = place.holder == EntryPlace::Holder::Map ? Kind::Map : Kind::List;
    for (qsizetype i = 0; i <= place.path.size(); ++i) {
        const YamlNode &node = *walk.out.last().node;
        if (const auto fault = walk.check(*value, i == place.path.size() ? ofHolder : Kind::Map))
            return tl::unexpected(*fault);
        const bool isBlock = node.kind == YamlNode::Kind::Map || node.kind == YamlNode::Kind::List;
        const size_t count = value->members.size() + value->items.size();
        if (i == place.path.size()) {
            for (size_t index = 0; index < count; ++index)
                if (walk.isEntry(*value, index))
                    (walk.out.entry ? walk.out.another : walk.out.entry) = index;
            if (walk.out.entry && !isBlock)
                return walk.out; // known to be there, though not how to change it
        }
        if (!isBlock && node.kind != YamlNode::Kind::Absent && !isEmptyFlow(file, walk.out.last()))
            return tl::unexpected(*walk.unsupported("The place of the entry is written in braces or brackets, which is not edited."));
        if (i == place.path.size())
            break;
        const auto found = std::find_if(value->members.begin(), value->members.end(),
                                        [&](const auto &member) { return member.first == place.path[i].toUtf8(); });
        if (found == value->members.end()) {
            walk.out.missing = place.path.mid(i);
            break;
        }
        const YamlChild &child = node.children[size_t(found - value->members.begin())];
        walk.out.steps.push_back({&child.value, &child, &node});
        value = &found->second;
    }
    return walk.out;
}

} // namespace mcpcore
