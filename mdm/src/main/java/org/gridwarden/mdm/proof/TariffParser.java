package org.gridwarden.mdm.proof;

import java.util.Optional;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;

/** Reads a tariff's document; the same bytes always give the same tariff. */
@FunctionalInterface
public interface TariffParser {
  /**
   * Reads.
   *
   * @param others what the document names by its hash, files of prices say
   * @throws TariffException where it is none
   */
  Tariff read(byte[] document, Others others) throws TariffException;

  /** Other documents. */
  @FunctionalInterface
  interface Others {
    /** By its SHA-256 in hex; empty where it is not there. */
    Optional<byte[]> find(String sha256);
  }
}
