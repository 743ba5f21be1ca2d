/** Settings of PostgreSQL by name, as `-c name=value`. */
export type ServerSettings = Readonly<Record<string, string>>;

/**
 * Given on the command line, not in the data directory, so that a newer Headrace changes them for old
 * data too. Durable as PostgreSQL's defaults are (fsync, full pages, synchronous commit); small for a
 * machine that runs everything.
 */
export function serverSettings(socketDirectory: string): ServerSettings {
  return {
    listen_addresses: '',
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    port: '5432',
    cluster_name: 'headrace',
    timezone: 'UTC',
    shared_buffers: '48MB',
    max_connections: '60',
    // Nobody replicates it; and no workers for queries as small as ours.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_worker_processes: '2',
    max_parallel_workers_per_gather: '0',
    autovacuum_worker_slots: '2',
    autovacuum_max_workers: '1',
    io_method: 'sync',
    jit: 'off',
    max_wal_size: '256MB',
    min_wal_size: '32MB',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    // Statements hold what clients wrote; the log must not.
    log_min_error_statement: 'panic',
  };
}
