// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Owner.h"
#include "base/Json.h"
#include "base/Secret.h"
#include "protocol/ErrorMapping.h"
#include "server/SocketPath.h"
#include <QLocalSocket>

namespace app {

using mcpcore::Error;
using mcpcore::failure;
using mcpcore::Json;
using mcpcore::Result;

std::optional<Result<Json>> askOwner(const Profile &profile, const QString &command, const Json &parameters)
{
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(mcpcore::socketPathFor(profile.folder().toStdString(), "control.sock")));
    if (!socket.waitForConnected(2000))
        return std::nullopt;
    QByteArray line = mcpcore::toBytes(Json{{"command", command}, {"parameters", parameters}}) + '\n';
    socket.write(line);
    mcpcore::wipe(line);
    QByteArray answer;
    while (!answer.contains('\n')) {
        if (!socket.waitForReadyRead(-1))
            return failure(Error::Kind::Abandoned,
                           QStringLiteral("Countersign went away before it answered. Look at countersignctl log list."));
        answer += socket.readAll();
    }
    const auto parsed = mcpcore::parseJson({answer.constData(), size_t(answer.indexOf('\n'))});
    if (!parsed)
        return failure(parsed.error());
    if (const Json *error = mcpcore::memberAt(*parsed, "error"))
        return failure(mcpcore::errorKindFrom(mcpcore::stringAt(*error, "kind", {})).value_or(Error::Kind::Abandoned),
                       mcpcore::stringAt(*error, "message", {}));
    const Json *result = mcpcore::memberAt(*parsed, "result");
    return result ? *result : Json::object();
}

} // namespace app
