// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bench {

// Microseconds of processor time that a process has used so far, its threads included.
long cpuMicrosecondsOf(pid_t process);

// A program that runs for the measurements; ended with this object.
class Process
{
public:
    // Starts `words` with its standard input and output as pipes.
    explicit Process(const std::vector<std::string> &words);
    Process(const Process &) = delete;
    ~Process();

    pid_t pid() const { return m_pid; }
    std::string readLine();
    void waitForEnd();
    void writeLine(const std::string &line) const;
    long cpuMicroseconds() const { return cpuMicrosecondsOf(m_pid); }
    // The same of its threads of this name, as long as they live.
    long threadMicroseconds(const std::string &name) const;
    // Resident memory in KiB: all of it, and the part that is its own.
    long residentKib() const;
    long privateKib() const;
    // How often each thread has waited so far, by its number; and how often those alive have since then.
    std::map<std::string, long> waits() const;
    long waitsSince(const std::map<std::string, long> &before) const;

private:
    pid_t m_pid;
    int m_in, m_out;
    std::string m_read;
};

// Runs countersignctl to its end; answers with its standard output. Ends the program when it fails.
std::string run(const std::vector<std::string> &words, const std::string &input = {});
// The text member `key` of the JSON object `text`, as far as countersignctl prints it.
std::string member(const std::string &text, const std::string &key);

// The median of `values`.
double median(std::vector<double> values);

} // namespace bench
