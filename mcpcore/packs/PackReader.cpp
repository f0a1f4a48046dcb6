// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/PackReader.h"
#include "base/Json.h"
#include <QSet>

namespace mcpcore {

namespace {

using Need = ResourceObject::Need;

// The same patterns are in resources/packs/schema.json; tests/packs holds both against the same files.
struct Forms {
    TextForm id = idForm();
    TextForm name = nameForm();
    TextForm prefix = textForm("[A-Za-z][A-Za-z0-9_-]{1,15}", "must be 2 to 16 of A-Z, a-z, 0-9, _ and -");
    TextForm kind = textForm("[a-z][a-z ]{0,29}", "must be 1 to 30 small letters and spaces");
    TextForm url = textForm("https://[a-z0-9-]+(\\.[a-z0-9-]+)+(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~/-]*)?",
                            "must be an address such as https://host/path, without user, query or #");
    TextForm header = textForm("[A-Za-z0-9-]{1,64}", "must be the name of a header");
    TextForm variable = textForm("[A-Z][A-Z0-9_]{0,63}", "must be the name of an environment variable");
    TextForm program = textForm("[A-Za-z0-9._-]{1,64}", "must be the name of a program, without a path");
    TextForm argument = textForm("[\\x21-\\x7e]{1,200}", "must be printable characters without spaces");
    TextForm version = textForm("[0-9]+(\\.[0-9]+)+(-[a-z0-9.]+)?", "must be one version, such as 0.3.3");
    TextForm toolArgument = textForm("[A-Za-z_][A-Za-z0-9_]{0,63}", "must be the name of an argument");
    TextForm ability = textForm("[a-z][A-Za-z0-9 ,'-]{2,59}", "must be 3 to 60 letters that go on after \"May \"");
    TextForm status = textForm("200|4([01][0-9]|2[0-8])", "must be a status: 200, or 400 to 428");
    TextForm path = textForm("(/[A-Za-z0-9._~-]+)+(\\?[A-Za-z0-9._~=&-]{1,100})?", "must be a path such as /v1/balance, with its query");
    TextForm pointer = textForm("(/[A-Za-z0-9_]{1,64}){1,8}", "must be a pointer such as /data/id");
    TextForm manyPointer = textForm("(/([A-Za-z0-9_]{1,64}|\\*)){1,8}", "must be a pointer such as /data/*/name");
    TextForm schema = schemaForm();
};

const Forms &forms()
{
    static const Forms all;
    return all;
}

QList<EnvironmentKind> kindsOf(ResourceObject &in, const char *key)
{
    QList<EnvironmentKind> kinds;
    for (const QString &word : in.texts(key, ResourceObject::anyText())) {
        const auto kind = environmentKindFrom(word);
        if (!kind)
            in.complain(key, QStringLiteral("may hold sandbox, staging and production only"));
        else if (kinds.contains(*kind))
            in.complain(key, QStringLiteral("names %1 twice").arg(word));
        else
            kinds.append(*kind);
    }
    return kinds;
}

constexpr EnvironmentKind allKinds[] = {EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production};

void readEnvironment(ResourceObject &in, PackEnvironment &out)
{
    out.impossible = in.text("impossible", ResourceObject::anyText(), Need::May);
    in.object("makeKeys", in.has("impossible") ? Need::May : Need::Must, [&](ResourceObject &keys) {
        if (in.has("impossible"))
            in.complain("makeKeys", QStringLiteral("must not stand beside \"impossible\""));
        out.keysUrl = keys.text("url", forms().url, Need::May);
        out.keysSteps = keys.text("steps", ResourceObject::anyText());
    });
}

void readVerify(ResourceObject &in, VerifyRules &rules)
{
    static const std::pair<const char *, VerifyRules::Meaning> words[] = {{"accepted", VerifyRules::Meaning::Accepted},
                                                                          {"refused", VerifyRules::Meaning::Refused},
                                                                          {"limited", VerifyRules::Meaning::Limited}};
    if (!in.has("statuses"))
        in.complain("statuses", QStringLiteral("is missing"));
    for (const auto &[status, word] : in.pairs("statuses", forms().status, ResourceObject::anyText())) {
        const auto meaning = std::find_if(std::begin(words), std::end(words),
                                          [&named = word](const auto &one) { return named == QLatin1String(one.first); });
        if (meaning == std::end(words))
            in.complain("statuses", QStringLiteral("may say accepted, refused and limited only"));
        else
            rules.statuses[status.toInt()] = meaning->second;
    }
    rules.error = in.text("error", forms().pointer, Need::May);
    rules.accounts = in.oneOf<VerifyRules::Accounts>(
        "accounts", {{"any kind", VerifyRules::Accounts::AnyKind}, {"one kind", VerifyRules::Accounts::OneKind}});
    in.each("calls", Need::Must, [&](ResourceObject &one) {
        VerifyCall call;
        call.path = one.text("path", forms().path);
        call.shows = one.text("shows", forms().ability);
        call.live = one.text("live", forms().pointer, Need::May);
        call.account = one.text("account", forms().pointer, Need::May);
        call.names = one.texts("names", forms().pointer, Need::May);
        one.object("tells", Need::May, [&](ResourceObject &tells) {
            call.tells = tells.text("pointer", forms().manyPointer);
            call.tellsWhat = tells.text("what", forms().kind);
            if (call.tells.count(QLatin1Char('*')) > 1)
                tells.complain("pointer", QStringLiteral("may have one * only"));
        });
        rules.calls.append(call);
    });
}

void readKeys(ResourceObject &in, Pack &pack)
{
    QSet<QString> prefixes;
    const auto prefixOf = [&prefixes](ResourceObject &one) {
        const QString prefix = one.text("prefix", forms().prefix);
        if (!prefix.isEmpty() && prefixes.contains(prefix))
            one.complain("prefix", QStringLiteral("stands for another form already"));
        prefixes.insert(prefix);
        return prefix;
    };
    in.each("accepted", Need::Must, [&](ResourceObject &one) {
        KeyForm read;
        read.prefix = prefixOf(one);
        read.rest = one.oneOf<KeyForm::Rest>("rest", {{"visible", KeyForm::Rest::Visible}, {"word", KeyForm::Rest::Word}});
        read.kind = one.text("kind", forms().kind);
        read.environments = kindsOf(one, "environments");
        read.question = one.text("question", ResourceObject::anyText(), Need::May);
        read.note = one.text("note", ResourceObject::anyText(), Need::May);
        pack.accepted.append(read);
    });
    in.each("refused", Need::May, [&](ResourceObject &one) {
        const QString prefix = prefixOf(one);
        pack.refused.append({prefix, one.text("what", ResourceObject::anyText()), one.text("reason", ResourceObject::anyText()),
                             one.text("fix", ResourceObject::anyText())});
    });
    in.object("verify", Need::May, [&](ResourceObject &verify) { readVerify(verify, pack.verify); });
}

PackAuth readAuth(ResourceObject &in)
{
    PackAuth auth;
    auth.kind = in.oneOf<HttpAuth::Kind>(
        "kind", {{"bearer", HttpAuth::Kind::Bearer}, {"header", HttpAuth::Kind::Header}, {"oauth", HttpAuth::Kind::OAuth}});
    if (auth.kind == HttpAuth::Kind::Header)
        auth.header = in.text("name", forms().header);
    if (auth.kind == HttpAuth::Kind::OAuth)
        auth.issuer = in.text("issuer", forms().url);
    return auth;
}

void readEndpoints(ResourceObject &in, Pack &pack)
{
    QSet<EnvironmentKind> served;
    in.each("hosted", Need::May, [&](ResourceObject &one) {
        HostedEndpoint read{kindsOf(one, "environments"), one.text("url", forms().url), {}};
        one.each("auth", Need::Must, [&](ResourceObject &auth) { read.auth.append(readAuth(auth)); });
        for (const EnvironmentKind kind : read.environments) {
            if (served.contains(kind))
                one.complain("environments", QStringLiteral("names %1, which another server is for").arg(toText(kind)));
            served.insert(kind);
        }
        pack.hosted.append(read);
    });
    in.each("local", Need::May, [&](ResourceObject &one) {
        LocalBridge read{kindsOf(one, "environments"),
                         one.text("program", forms().program),
                         one.texts("arguments", forms().argument),
                         one.text("version", forms().version),
                         one.text("secretVariable", forms().variable),
                         one.text("discloses", ResourceObject::anyText(), Need::May)};
        const QString pinned = QLatin1Char('@') + read.version;
        const auto isPinned = [&](const QString &argument) { return argument.endsWith(pinned); };
        if (!read.version.isEmpty() && std::none_of(read.arguments.begin(), read.arguments.end(), isPinned))
            one.complain("arguments", QStringLiteral("must name the package with %1").arg(pinned));
        pack.local.append(read);
    });
    in.each("rest", Need::May, [&](ResourceObject &one) {
        RestBase read{kindsOf(one, "environments"), one.text("url", forms().url), {}, {}};
        one.object("auth", Need::May, [&](ResourceObject &auth) { read.auth = readAuth(auth); });
        read.headers = one.pairs("headers", forms().header, ResourceObject::anyText());
        pack.rest.append(read);
    });
}

// A vendor that has nothing for a kind of environment has no key and no server for it either.
void checkImpossible(ResourceObject &in, const Pack &pack)
{
    const auto check = [&](const char *member, const QList<EnvironmentKind> &kinds, const QString &what) {
        for (const EnvironmentKind kind : kinds)
            if (!pack.impossibleIn(kind).isEmpty())
                in.complain(member, QStringLiteral("has %1 for %2, which is impossible").arg(what, toText(kind)));
    };
    for (const KeyForm &key : pack.accepted)
        check("keys", key.environments, QStringLiteral("the form %1").arg(key.prefix));
    for (const HostedEndpoint &hosted : pack.hosted)
        check("endpoints", hosted.environments, hosted.url);
    for (const LocalBridge &local : pack.local)
        check("endpoints", local.environments, local.program);
    for (const RestBase &rest : pack.rest)
        check("endpoints", rest.environments, rest.url);
}

// Keys are asked about where the vendor's REST API takes them.
void checkVerify(ResourceObject &in, const Pack &pack)
{
    if (pack.verify.calls.isEmpty())
        return;
    if (!pack.verify.statuses.values().contains(VerifyRules::Meaning::Accepted))
        in.complain("keys", QStringLiteral("has no status in verify that means accepted"));
    const auto canAsk = [&pack](EnvironmentKind kind) {
        const RestBase *rest = pack.restIn(kind);
        return rest && rest->auth && rest->auth->kind != HttpAuth::Kind::OAuth;
    };
    for (const EnvironmentKind kind : allKinds) {
        const auto isFor = [kind](const KeyForm &form) { return form.environments.contains(kind); };
        if (std::any_of(pack.accepted.begin(), pack.accepted.end(), isFor) && !canAsk(kind))
            in.complain("keys", QStringLiteral("has verify, and no REST base takes a key for %1").arg(toText(kind)));
    }
}

} // namespace

tl::expected<Pack, QList<ResourceFault>> readPack(const QByteArray &bytes)
{
    QList<ResourceFault> faults;
    if (bytes.size() > kMaximumPackSize) {
        faults.append({0, 0, {}, QStringLiteral("The file is larger than %1 bytes.").arg(kMaximumPackSize)});
        return tl::unexpected(faults);
    }
    const auto tree = parseJson({bytes.constData(), size_t(bytes.size())});
    if (!tree || !tree->is_object()) {
        faults.append({0, 0, {}, tree ? QStringLiteral("A pack is one JSON object.") : tree.error().message});
        return tl::unexpected(faults);
    }
    QByteArray padded = bytes;
    padForReading(padded);
    Pack pack;
    const std::string_view all(padded.constData(), size_t(padded.size()));
    ResourceObject in(RawJson(padded, all.substr(std::min(all.find('{'), all.size()))), {}, faults);
    in.text("$schema", forms().schema, Need::May);
    in.exactly("format", "1", QStringLiteral("must be 1: this version knows no other"));
    pack.id = in.text("id", forms().id);
    pack.name = in.text("name", forms().name);
    in.object("environments", Need::Must, [&](ResourceObject &kinds) {
        for (const EnvironmentKind kind : allKinds) {
            const QByteArray word = toText(kind).toLatin1();
            kinds.object(word.constData(), Need::Must, [&](ResourceObject &one) { readEnvironment(one, pack.environments[kind]); });
        }
    });
    in.object("keys", Need::Must, [&](ResourceObject &keys) { readKeys(keys, pack); });
    in.object("endpoints", Need::Must, [&](ResourceObject &endpoints) { readEndpoints(endpoints, pack); });
    in.each("hints", Need::May, [&](ResourceObject &one) {
        const QString argument = one.text("argument", forms().toolArgument);
        pack.hints.append({argument, one.oneOf<EnvironmentHint::Says>(
                                         "says", {{"live", EnvironmentHint::Says::Live}, {"account", EnvironmentHint::Says::Account}})});
    });
    in.each("answers", Need::May, [&](ResourceObject &one) {
        AnswerHint read{
            one.text("member", forms().toolArgument), one.oneOf<AnswerHint::Says>("says", {{"live", AnswerHint::Says::Live}}), {}};
        read.exceptTools = one.texts("exceptTools", forms().toolArgument, Need::May);
        pack.answers.append(read);
    });
    in.finish();
    checkImpossible(in, pack);
    checkVerify(in, pack);
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    return pack;
}

} // namespace mcpcore
