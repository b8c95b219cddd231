/**
 * Backups of an office's data folder: a repository of enciphered chunks and the snapshots that name
 * them, written while the server runs, verified, pruned and restored from (ADR 21).
 */
@NullMarked
package org.gridwarden.store.backup;

import org.jspecify.annotations.NullMarked;
