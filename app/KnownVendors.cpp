// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/KnownVendors.h"

namespace app {

using namespace mcpcore;

namespace {

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
            if (const QString way = toText(auth.kind, auth.header); !vendor.ways.contains(way))
                vendor.ways.append(way);
    for (const LocalBridge &bridge : pack.local)
        vendor.programs.append(
            {QStringList(bridge.program) + bridge.arguments, bridge.secretVariable, bridge.discloses, bridge.environments});
    return vendor;
}

} // namespace

QList<ui::Vendor> knownVendors(const QList<Pack> &packs)
{
    QList<ui::Vendor> vendors;
    for (const Pack &pack : packs)
        vendors.append(vendorOf(pack));
    return vendors;
}

} // namespace app
