package org.gridwarden.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The embedded PostgreSQL's configuration, written anew at every start so that it follows the
 * machine and this version of Gridwarden.
 */
final class PostgresConfig {
  private PostgresConfig() {}

  static void write(PostgresFolder folder, int port) throws IOException {
    replace(folder.cluster().resolve("postgresql.conf"), settings(port, memoryMiB()));
    replace(
        folder.cluster().resolve("pg_hba.conf"),
        """
        # loopback only, and with a password that only this folder's owner can read
        host all all 127.0.0.1/32 scram-sha-256
        """);
  }

  static String settings(int port, long memoryMiB) {
    long buffers = Math.clamp(memoryMiB / 8, 128, 2_048);
    return """
    # written by gridwarden at each start: changes made here are lost
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    max_connections = 64
    # what makes a commit a promise
    fsync = on
    synchronous_commit = on
    full_page_writes = on
    shared_buffers = %dMB
    huge_pages = off
    work_mem = 32MB
    maintenance_work_mem = 128MB
    # batches are few and large: a long, even checkpoint spreads their pages' writing
    wal_buffers = 32MB
    wal_compression = pglz
    min_wal_size = 256MB
    max_wal_size = 4GB
    checkpoint_timeout = 10min
    checkpoint_completion_target = 0.9
    # two cores: neither parallel plans nor compiled ones pay
    max_parallel_workers_per_gather = 0
    max_parallel_maintenance_workers = 0
    jit = off
    random_page_cost = 1.2
    autovacuum_naptime = 30s
    autovacuum_vacuum_cost_limit = 1000
    timezone = 'UTC'
    log_timezone = 'UTC'
    log_line_prefix = '%%m [%%p] '
    # statements carry readings and keys: they stay out of the log
    log_min_error_statement = panic
    log_checkpoints = off
    log_connections = ''
    """
        .formatted(port, buffers);
  }

  private static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static long memoryMiB() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize() >> 20
        : 1_024;
  }
}
