package org.gridwarden.store.backup;

/** Told how a backup, a restore or a verification goes, often and from its thread. */
@FunctionalInterface
public interface Progress {
  /** Nobody is told. */
  Progress NONE = (files, bytes, stored) -> {};

  /**
   * So far.
   *
   * @param files how many files are done
   * @param bytes of them, before compression
   * @param stored how many bytes the repository grew by; 0 where nothing is written to it
   */
  void at(long files, long bytes, long stored);
}
