// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Processes.h"
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace bench {

namespace {

std::string contentOf(const std::string &path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

long fieldOf(const std::string &text, const char *name)
{
    const size_t at = text.find(name);
    return at == std::string::npos ? 0 : std::strtol(text.c_str() + at + std::strlen(name), nullptr, 10);
}

} // namespace

Process::Process(const std::vector<std::string> &words)
{
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0)
        std::exit(1);
    m_pid = ::fork();
    if (m_pid == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        for (const int fd : {in[0], in[1], out[0], out[1]})
            ::close(fd);
        std::vector<char *> argv;
        for (const std::string &word : words)
            argv.push_back(const_cast<char *>(word.c_str()));
        argv.push_back(nullptr);
        ::execv(argv[0], argv.data());
        std::fprintf(stderr, "bench: cannot start %s\n", argv[0]);
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    m_in = in[1];
    m_out = out[0];
}

Process::~Process()
{
    ::close(m_in);
    ::close(m_out);
    if (m_pid > 0) {
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
    }
}

void Process::waitForEnd()
{
    ::waitpid(m_pid, nullptr, 0);
    m_pid = -1;
}

std::string Process::readLine()
{
    size_t end;
    while ((end = m_read.find('\n')) == std::string::npos) {
        char buffer[65536];
        const ssize_t n = ::read(m_out, buffer, sizeof buffer);
        if (n <= 0) {
            std::fprintf(stderr, "bench: a program ended early\n");
            std::exit(1);
        }
        m_read.append(buffer, size_t(n));
    }
    const std::string line = m_read.substr(0, end);
    m_read.erase(0, end + 1);
    return line;
}

void Process::writeLine(const std::string &line) const
{
    const std::string text = line + '\n';
    for (size_t done = 0; done < text.size();) {
        const ssize_t n = ::write(m_in, text.data() + done, text.size() - done);
        if (n <= 0)
            std::exit(1);
        done += size_t(n);
    }
}

// The clock of the process counts nanoseconds, and threads that have ended; /proc/PID/stat counts ticks of 10 ms.
long cpuMicrosecondsOf(pid_t process)
{
    clockid_t clock;
    timespec used{};
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return 0;
    return used.tv_sec * 1'000'000 + used.tv_nsec / 1000;
}

long Process::threadMicroseconds(const std::string &name) const
{
    long nanoseconds = 0;
    for (const auto &task : std::filesystem::directory_iterator("/proc/" + std::to_string(m_pid) + "/task"))
        if (contentOf(task.path() / "comm") == name + '\n')
            nanoseconds += std::strtol(contentOf(task.path() / "schedstat").c_str(), nullptr, 10);
    return nanoseconds / 1000;
}

long Process::residentKib() const
{
    return fieldOf(contentOf("/proc/" + std::to_string(m_pid) + "/status"), "VmRSS:");
}

long Process::privateKib() const
{
    return fieldOf(contentOf("/proc/" + std::to_string(m_pid) + "/status"), "RssAnon:");
}

std::map<std::string, long> Process::waits() const
{
    std::map<std::string, long> waits;
    for (const auto &task : std::filesystem::directory_iterator("/proc/" + std::to_string(m_pid) + "/task"))
        waits[task.path().filename()] = fieldOf(contentOf(task.path() / "status"), "\nvoluntary_ctxt_switches:");
    return waits;
}

long Process::waitsSince(const std::map<std::string, long> &before) const
{
    long all = 0;
    for (const auto &[thread, count] : waits()) {
        const auto known = before.find(thread);
        all += count - (known == before.end() ? 0 : known->second);
    }
    return all;
}

std::string run(const std::vector<std::string> &words, const std::string &input)
{
    Process process(words);
    if (!input.empty())
        process.writeLine(input);
    const std::string answer = process.readLine();
    process.waitForEnd();
    return answer;
}

std::string member(const std::string &text, const std::string &key)
{
    const std::string mark = '"' + key + "\":\"";
    const size_t at = text.find(mark);
    if (at == std::string::npos) {
        std::fprintf(stderr, "bench: no %s in %s\n", key.c_str(), text.c_str());
        std::exit(1);
    }
    const size_t from = at + mark.size();
    return text.substr(from, text.find('"', from) - from);
}

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + long(values.size() / 2), values.end());
    return values[values.size() / 2];
}

} // namespace bench
