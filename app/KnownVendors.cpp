// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/KnownVendors.h"
#include "packs/Packs.h"

namespace app {

using namespace mcpcore;

namespace {

QString wayOf(const PackAuth &auth)
{
    switch (auth.kind) {
    case HttpAuth::Kind::None: return QStringLiteral("none");
    case HttpAuth::Kind::Bearer: return QStringLiteral("bearer");
    case HttpAuth::Kind::Header: return QStringLiteral("header:") + auth.header;
    case HttpAuth::Kind::OAuth: return QStringLiteral("oauth");
    }
    Q_UNREACHABLE();
}

ui::Vendor vendorOf(const Pack &pack)
{
    ui::Vendor vendor;
    vendor.id = pack.id;
    vendor.name = pack.name;
    for (auto place = pack.environments.cbegin(); place != pack.environments.cend(); ++place) {
        const HostedEndpoint *server = pack.hostedIn(place.key());
        vendor.places[place.key()] = {place->impossible, place->keysUrl, place->keysSteps, server ? server->url : QString()};
    }
    for (const KeyForm &form : pack.accepted)
        if (!form.question.isEmpty() && !vendor.questions.contains(form.question))
            vendor.questions.append(form.question);
    for (const HostedEndpoint &server : pack.hosted)
        for (const PackAuth &auth : server.auth)
            if (!vendor.ways.contains(wayOf(auth)))
                vendor.ways.append(wayOf(auth));
    for (const LocalBridge &bridge : pack.local)
        vendor.programs.append(
            {QStringList(bridge.program) + bridge.arguments, bridge.secretVariable, bridge.discloses, bridge.environments});
    return vendor;
}

} // namespace

QList<ui::Vendor> knownVendors()
{
    QList<ui::Vendor> vendors;
    const auto packs = builtInPacks(); // a test proves that they can be read
    for (const Pack &pack : packs ? *packs : QList<Pack>())
        vendors.append(vendorOf(pack));
    return vendors;
}

} // namespace app
