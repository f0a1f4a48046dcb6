// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/TransportFactory.h"
#include "secrets/KeyRing.h"
#include "upstream/HttpTransport.h"
#include "upstream/StdioTransport.h"
#include "upstream/signin/SignIn.h"

namespace mcpcore {

TransportFactory transportFactory(CurlLoop &loop, KeyRing &keys, SignIn &signIn, const Clock &clock, const QString &guard)
{
    const auto ender = std::make_shared<ProgramEnder>(clock);
    return [&loop, &clock, &keys, &signIn, guard, ender](const Connection &connection, const Environment &environment,
                                                         const std::optional<KeyId> &key) -> Result<std::unique_ptr<Transport>> {
        const QString destination = destinationOf(connection, environment.id);
        if (destination.isEmpty())
            return failure(
                Error::Kind::InvalidArgument,
                QStringLiteral("%1 has no valid address in %2. Correct the connection.").arg(connection.id.text, environment.id.text));
        if (needsKey(connection) && !key)
            return failure(Error::Kind::SecretUnavailable, QStringLiteral("Not sent: there is no key for %1 in %2. Set one in Countersign.")
                                                               .arg(connection.id.text, environment.id.text));
        KeySource source;
        if (key)
            source = [&keys, id = *key, kind = environment.kind, destination](Completion<Secret> done) {
                keys.read(id, kind, destination, std::move(done));
            };
        if (const auto *http = std::get_if<HttpTarget>(&connection.target)) {
            HttpEndpoint endpoint{http->urls.value(environment.id), destination, http->auth, http->headers};
            if (needsSignIn(connection)) {
                source = [&signIn, connection, environment](Completion<Secret> done) {
                    signIn.token(connection, environment, std::move(done));
                };
                endpoint.refused = [&signIn, connection, environment](int status, std::string_view head) {
                    return signIn.refused(connection, environment, status, head);
                };
            }
            return std::make_unique<HttpTransport>(loop, clock, std::move(endpoint), std::move(source));
        }
        const auto &stdio = std::get<StdioTarget>(connection.target);
        return std::make_unique<StdioTransport>(*ender, GuardedCommand{guard, stdio.program, stdio.arguments, stdio.secretVariable},
                                                std::move(source));
    };
}

} // namespace mcpcore
