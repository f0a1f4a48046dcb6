// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/Addresses.h"
#include <QHostAddress>
#include <QStringList>

namespace mcpcore {

namespace {

bool isAmong(const QHostAddress &address, const char *networks)
{
    for (const QString &network : QString::fromLatin1(networks).split(QLatin1Char(' ')))
        if (address.isInSubnet(QHostAddress::parseSubnet(network)))
            return true;
    return false;
}

bool isPrivate(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return isAmong(address, "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
                                "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4");
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return true;
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    const auto embedded = [&bytes](int at) {
        return QHostAddress(quint32(bytes[at]) << 24 | quint32(bytes[at + 1]) << 16 | quint32(bytes[at + 2]) << 8 | bytes[at + 3]);
    };
    if (isAmong(address, "::ffff:0:0/96 64:ff9b::/96"))
        return isPrivate(embedded(12));
    if (isAmong(address, "2002::/16")) // 6to4
        return isPrivate(embedded(2));
    // Only 2000::/3 is given out for the public internet.
    return !isAmong(address, "2000::/3") || isAmong(address, "2001::/23 2001:db8::/32 3fff::/20");
}

} // namespace

bool isPrivateAddress(const sockaddr *address)
{
    return isPrivate(QHostAddress(address));
}

bool isPrivateHost(const QString &named)
{
    QString host = named.toLower();
    while (host.endsWith(QLatin1Char('.')))
        host.chop(1);
    if (host.isEmpty())
        return true;
    const QHostAddress address(host);
    if (!address.isNull())
        return isPrivate(address);
    if (!host.contains(QLatin1Char('.')))
        return true;
    for (const char *end : {".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa"})
        if (host.endsWith(QLatin1String(end)))
            return true;
    return false;
}

bool isLoopbackHost(const QString &host)
{
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) || QHostAddress(host).isLoopback();
}

} // namespace mcpcore
