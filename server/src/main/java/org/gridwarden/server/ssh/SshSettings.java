package org.gridwarden.server.ssh;

import java.net.InetAddress;
import java.time.Duration;

/**
 * How the SSH door stands.
 *
 * @param enabled whether it is there at all; off unless asked for
 * @param bind the address to listen on
 * @param port the port, 0 for any free one
 * @param idleTimeout after which a silent session ends
 * @param sessions how many sessions there may be, 1 or more
 * @param perUser how many of them one user may hold, 1 or more
 * @param exchange whether files are exchanged over SFTP
 * @param file how large one file may be, bytes
 * @param quota how much one user's folders may hold, bytes
 * @param files how many files one user's folders may hold
 */
public record SshSettings(
    boolean enabled,
    InetAddress bind,
    int port,
    Duration idleTimeout,
    int sessions,
    int perUser,
    boolean exchange,
    long file,
    long quota,
    int files) {}
