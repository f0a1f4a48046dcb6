// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/JsonPlain.h"

namespace mcpcore {

namespace {

ConfigFault notRead(const QByteArray &file, qsizetype offset)
{
    return faultAt(file, offset, ConfigFault::Kind::Syntax, QStringLiteral("This is not JSON as this client reads it."));
}

// Builds the value from nlohmann's events; numbers come from the list of their literals. Lives for one reading.
class ValueBuilder : public nlohmann::json_sax<Json>
{
public:
    ValueBuilder(const QList<QByteArray> &numbers) : m_numbers(numbers) {}
    bool null() override { return add({}); }
    bool boolean(bool value) override { return add({ConfigValue::Kind::Boolean, value ? "true" : "false"}); }
    bool number_integer(number_integer_t) override { return number(); }
    bool number_unsigned(number_unsigned_t) override { return number(); }
    bool number_float(number_float_t, const string_t &) override { return number(); }
    bool string(string_t &value) override { return add({ConfigValue::Kind::Text, withHalfPairs(value)}); }
    bool binary(binary_t &) override { return false; }
    bool start_object(std::size_t) override { return open(ConfigValue::Kind::Map); }
    bool key(string_t &value) override { return m_keys.back() = withHalfPairs(value), true; }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(ConfigValue::Kind::List); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &) override
    {
        faultOffset = position > 0 ? qsizetype(position) - 1 : 0;
        return false;
    }

    ConfigValue result;
    qsizetype faultOffset = 0;
    bool isTooDeep = false;

private:
    bool number() { return add({ConfigValue::Kind::Number, m_numbers.value(m_number++)}); }
    bool open(ConfigValue::Kind kind)
    {
        isTooDeep = m_open.size() == size_t(kMaximumJsonDepth);
        m_open.push_back({kind});
        m_keys.emplace_back();
        return !isTooDeep;
    }
    bool close()
    {
        ConfigValue value = std::move(m_open.back());
        m_open.pop_back();
        m_keys.pop_back();
        return add(std::move(value));
    }
    bool add(ConfigValue value)
    {
        if (m_open.empty())
            result = std::move(value);
        else if (m_open.back().kind == ConfigValue::Kind::Map)
            m_open.back().members.emplace_back(m_keys.back(), std::move(value));
        else
            m_open.back().items.push_back(std::move(value));
        return true;
    }

    const QList<QByteArray> &m_numbers;
    qsizetype m_number = 0;
    std::vector<ConfigValue> m_open;
    std::vector<QByteArray> m_keys; // of the members being read, one for each of m_open
};

} // namespace

ConfigResult<ConfigValue> jsonMeaning(const QByteArray &file, const ConfigDialect &dialect)
{
    if (const auto fault = encodingFault(file))
        return tl::unexpected(*fault);
    const qsizetype mark = byteOrderMarkLength(file);
    const bool isMarkedTwice = byteOrderMarkLength(file.mid(mark)) > 0; // nlohmann would skip the second
    if (mark > 0 && (!dialect.byteOrderMark || isMarkedTwice))
        return tl::unexpected(notRead(file, 0));
    if (dialect.emptyFile
        && std::string_view(file.constData() + mark, size_t(file.size() - mark)).find_first_not_of(" \t\r\n") == std::string_view::npos)
        return ConfigValue{ConfigValue::Kind::Map};
    const PlainJson plain = plainJson(file.mid(mark), dialect);
    if (const auto zero = plain.bytes.indexOf('\0'); zero >= 0) // nlohmann takes it for the end
        return tl::unexpected(notRead(file, mark + zero));
    ValueBuilder builder(plain.numbers);
    if (Json::sax_parse(plain.bytes.begin(), plain.bytes.end(), &builder))
        return std::move(builder.result);
    if (builder.isTooDeep)
        return tl::unexpected(ConfigFault{ConfigFault::Kind::Unsupported, 0, 0,
                                          QStringLiteral("The file nests deeper than %1 levels.").arg(kMaximumJsonDepth)});
    return tl::unexpected(notRead(file, mark + builder.faultOffset));
}

} // namespace mcpcore
