package org.gridwarden.store.backup;

import java.time.Instant;

/**
 * What a snapshot says of itself without being opened.
 *
 * @param name its file's name without the ending: when it was begun, and the beginning of its run
 * @param run the id of the run that wrote it, in hex
 * @param recipient which key opens it
 * @param begun when the copy began
 * @param ended what was committed before this moment is in it
 * @param database where the database was
 * @param epoch which life of the office it is of; changes with each restore
 * @param schema the database's schema, as its migrations number it; empty where it is external
 * @param files how many files it holds
 * @param bytes how many bytes they have, before compression
 * @param newChunks how many chunks the repository did not have yet
 * @param newBytes how many bytes it grew by
 * @param damages how many pages were damaged on the disk already when they were copied
 */
public record SnapshotHeader(
    String name,
    String run,
    String recipient,
    Instant begun,
    Instant ended,
    Database database,
    String epoch,
    String schema,
    long files,
    long bytes,
    long newChunks,
    long newBytes,
    long damages) {
  /** Where the database was. */
  public enum Database {
    /** In the data folder: it is in the snapshot. */
    EMBEDDED,
    /** Elsewhere: it is not in the snapshot, and has to be backed up by its own means. */
    EXTERNAL
  }
}
