// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/KeyRules.h"
#include "base/Secret.h"
#include <QStringList>
#include <algorithm>

namespace mcpcore {

namespace {

// Of a shorter one, four shown characters would be too large a part.
constexpr size_t kShortestKey = 20;

tl::unexpected<Error> refused(const QString &why)
{
    return failure(Error::Kind::InvalidArgument, QStringLiteral("Key refused: %1").arg(why));
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

bool beginsWith(std::string_view key, const QString &prefix)
{
    return key.starts_with(viewOf(prefix.toLatin1()));
}

// The form with the longest prefix that fits, or null.
template <typename Form> const Form *formOf(std::string_view key, const QList<Form> &forms)
{
    const Form *best = nullptr;
    for (const Form &form : forms)
        if (beginsWith(key, form.prefix) && (!best || form.prefix.size() > best->prefix.size()))
            best = &form;
    return best;
}

bool isVisible(char c)
{
    return uchar(c) > 0x20 && uchar(c) < 0x7f;
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool fits(std::string_view key, const KeyForm &form)
{
    switch (form.rest) {
    case KeyForm::Rest::Word: return std::all_of(key.begin() + form.prefix.size(), key.end(), isWord);
    case KeyForm::Rest::Visible: return true; // checkText() has seen it
    }
    Q_UNREACHABLE();
}

// "sandbox", "sandbox or staging".
QString namesOf(const QList<EnvironmentKind> &kinds)
{
    QStringList names;
    for (const EnvironmentKind kind : kinds)
        names.append(toText(kind));
    return names.join(QStringLiteral(" or "));
}

Result<> checkText(std::string_view key)
{
    if (key.empty())
        return refused(QStringLiteral("there is nothing in it. Copy the key again."));
    if (std::any_of(key.begin(), key.end(), [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }))
        return refused(QStringLiteral("there is a space or a line break in it. Copy the key alone, in one line."));
    if (!std::all_of(key.begin(), key.end(), isVisible))
        return refused(
            QStringLiteral("it has characters that no key has. It may be the shortened form that a page shows: copy the key itself."));
    return {};
}

// Nothing of this vendor begins like it.
tl::unexpected<Error> unknownForm(std::string_view key, const KeySlot &slot)
{
    for (const Pack &other : slot.packs)
        if (const KeyForm *form = formOf(key, other.accepted); form && other.id != slot.pack.id)
            return refused(QStringLiteral("it looks like a key of %1 (%2), and this connection is to %3. Set it for the connection to %1.")
                               .arg(other.name, form->prefix, slot.pack.name));
    QStringList prefixes;
    for (const KeyForm &form : slot.pack.accepted)
        if (form.environments.contains(slot.kind) && form.question.isEmpty())
            prefixes.append(form.prefix);
    return refused(QStringLiteral("keys of %1 for %2 begin with %3, and this one does not. Copy it again, or make one: %4.")
                       .arg(slot.pack.name, toText(slot.kind), prefixes.join(QStringLiteral(" or ")),
                            slot.pack.environments.value(slot.kind).keysSteps));
}

} // namespace

Result<> checkReuse(const QByteArray &fingerprint, const QString &vendor, EnvironmentKind kind, const QList<OtherKey> &others)
{
    for (const OtherKey &other : others) {
        if (fingerprint.isEmpty() || other.fingerprint.size() != fingerprint.size()
            || !equalInConstantTime(viewOf(other.fingerprint), viewOf(fingerprint)))
            continue;
        if (!other.vendor.isEmpty() && other.vendor != vendor)
            return refused(QStringLiteral("the same key is set for %1 already, which is another vendor. Find out whose key it is, and make "
                                          "one for the other.")
                               .arg(other.place));
        if (other.kind != kind)
            return refused(QStringLiteral("the same key is set for %1 already, and a key that serves both kinds of environment makes them "
                                          "one. Make a key of its own for %2.")
                               .arg(other.place, toText(kind)));
    }
    return {};
}

Result<AcceptedKey> checkKey(std::string_view key, const KeySlot &slot)
{
    if (const QString why = slot.pack.impossibleIn(slot.kind); !why.isEmpty())
        return refused(QStringLiteral("this slot is for %1. %2").arg(toText(slot.kind), why));
    if (const auto text = checkText(key); !text)
        return failure(text.error());
    const KeyForm *form = formOf(key, slot.pack.accepted);
    const RefusedForm *bad = formOf(key, slot.pack.refused);
    if (bad && (!form || bad->prefix.size() > form->prefix.size()))
        return refused(QStringLiteral("this is %1 (%2). %3 %4").arg(bad->what, bad->prefix, bad->reason, bad->fix));
    if (!form)
        return unknownForm(key, slot);
    if (!fits(key, *form))
        return refused(
            QStringLiteral("it has characters that keys of %1 do not have. Copy the key alone, without quotes.").arg(slot.pack.name));
    if (!form->environments.contains(slot.kind))
        return refused(QStringLiteral("this key is for %2 (%3, %1), and the slot is for %4. %5 Set it under %2, or make one for %4.")
                           .arg(form->kind, namesOf(form->environments), form->prefix, toText(slot.kind),
                                slot.kind == EnvironmentKind::Production ? QStringLiteral("What looks like production would not be it.")
                                                                         : QStringLiteral("A call with it would change real data.")));
    if (key.size() < kShortestKey)
        return refused(QStringLiteral("it is too short for a key. Perhaps only a part was copied: copy the whole key."));
    if (!form->question.isEmpty() && slot.madeBy != slot.pack.id)
        return refused(QStringLiteral("%1 If %2 made it, set it again with --from %3.").arg(form->question, slot.pack.name, slot.pack.id));
    if (const auto reuse = checkReuse(slot.fingerprint, slot.pack.id, slot.kind, slot.others); !reuse)
        return failure(reuse.error());
    const bool everywhere = form->environments.contains(EnvironmentKind::Production) && form->environments.size() > 1;
    return AcceptedKey{form->kind, form->prefix, QString::fromLatin1(key.data() + key.size() - 4, 4), form->note,
                       everywhere ? AcceptedKey::EnvironmentBy::Person : AcceptedKey::EnvironmentBy::Key};
}

Result<> checkSaid(const KeyVerification &said, const KeySlot &slot)
{
    const bool production = slot.kind == EnvironmentKind::Production;
    if (said.mode == KeyVerification::Mode::Live && !production)
        return refused(
            QStringLiteral("%1 says that this key is live, and the slot is for %2. A call with it would change real data. Set it "
                           "under production, or make one for %2.")
                .arg(slot.pack.name, toText(slot.kind)));
    if (said.mode == KeyVerification::Mode::Test && production)
        return refused(QStringLiteral("%1 says that this key is for test data, and the slot is for production. What looks like production "
                                      "would not be it. Set it under sandbox, or make one for production.")
                           .arg(slot.pack.name));
    if (slot.pack.verify.accounts == VerifyRules::Accounts::AnyKind || said.account.isEmpty())
        return {};
    for (const OtherKey &other : slot.others)
        if (other.vendor == slot.pack.id && other.account == said.account && other.kind != slot.kind)
            return refused(QStringLiteral("%1 says that it opens %2, as the key of %3 does. What is done in one is done in the other. "
                                          "Use a key of another account: %4.")
                               .arg(slot.pack.name, said.account, other.place, slot.pack.environments.value(slot.kind).keysSteps));
    return {};
}

} // namespace mcpcore
