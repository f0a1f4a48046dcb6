// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QObject>
#include <QPointer>
#include <memory>

namespace mcpcore {

// The right to answer a request, exactly once. Silent after its guard is destroyed; answers Abandoned when it is
// dropped unanswered. Move-only, so the callable may own move-only things. One thread: the guard's. What crosses
// threads is a posted lambda (base/Post.h), not a Completion.
template <typename T = void> class Completion
{
public:
    Completion() = default;
    template <typename Function>
    Completion(QObject *guard, Function function) : m_callable(std::make_unique<Callable<Function>>(std::move(function))), m_guard(guard)
    {
        Q_ASSERT(guard);
    }
    Completion(Completion &&) noexcept = default;
    Completion &operator=(Completion &&other) noexcept
    {
        if (this != &other) {
            abandon();
            m_callable = std::move(other.m_callable);
            m_guard = other.m_guard;
        }
        return *this;
    }
    ~Completion() { abandon(); }

    // Answers. A second call does nothing.
    void operator()(Result<T> result)
    {
        if (const auto callable = std::move(m_callable); callable && m_guard)
            callable->call(std::move(result));
    }
    // True while the answer is still owed to a living guard.
    explicit operator bool() const { return m_callable && m_guard; }

private:
    struct Base {
        virtual ~Base() = default;
        virtual void call(Result<T> result) = 0;
    };
    template <typename Function> struct Callable final : Base {
        explicit Callable(Function &&f) : function(std::move(f)) {}
        void call(Result<T> result) override { function(std::move(result)); }
        Function function;
    };
    void abandon()
    {
        if (m_callable)
            (*this)(failure(Error::Kind::Abandoned, QStringLiteral("The request was dropped before it was answered.")));
    }

    std::unique_ptr<Base> m_callable;
    QPointer<QObject> m_guard;
};

} // namespace mcpcore
