package org.gridwarden.mdm.billrun;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Versions of tariffs. What a version is never changes. Thread-safe. */
public interface Tariffs {
  /**
   * A version.
   *
   * @param validFrom its first civil day; it holds until the next one's
   * @param sha256 of its document, in hex
   */
  record Version(String id, int version, LocalDate validFrom, String sha256) {}

  /** All versions of a tariff; of two from the same day on the greater number holds. */
  List<Version> versions(String id);

  /**
   * A version's document, and what it names by its hash.
   *
   * @param others by their SHA-256, in hex
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  record Document(byte[] bytes, Map<String, byte[]> others) {}

  /** A version's document; empty where there is none. */
  Optional<Document> document(String id, int version);
}
