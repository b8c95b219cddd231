package org.gridwarden.mdm.billrun;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.TariffParser;

/** The tariffs of one run, each read once. Not thread-safe. */
public final class TariffShelf {
  private final Tariffs tariffs;
  private final TariffParser parser;
  private final Map<String, List<Tariffs.Version>> versions = new HashMap<>();
  private final Map<Tariffs.Version, Tariff> read = new HashMap<>();

  /** Over what is stored. */
  public TariffShelf(Tariffs tariffs, TariffParser parser) {
    this.tariffs = tariffs;
    this.parser = parser;
  }

  /**
   * The version that holds on a day.
   *
   * @throws Blocked where none does
   */
  public Tariffs.Version on(String id, LocalDate day) throws Blocked {
    return versions.computeIfAbsent(id, tariffs::versions).stream()
        .filter(v -> !v.validFrom().isAfter(day))
        .max(
            Comparator.comparing(Tariffs.Version::validFrom)
                .thenComparingInt(Tariffs.Version::version))
        .orElseThrow(() ->
            new Blocked(
                Blocked.Reason.NO_TARIFF,
                "tariff "
                    + id
                    + " has no version that holds on "
                    + day
                    + ": add one that is valid from then"));
  }

  /** How a tariff is paid beforehand on a day; empty where it is not. */
  Optional<Tariff.Prepayment> prepaid(String id, LocalDate day) throws Blocked {
    return Optional.ofNullable(read(on(id, day)).terms().prepayment());
  }

  /**
   * What a version says.
   *
   * @throws Blocked where its document is not there, or is none
   */
  public Tariff read(Tariffs.Version version) throws Blocked {
    Tariff known = read.get(version);
    if (known != null) {
      return known;
    }
    String where = "tariff " + version.id() + ", version " + version.version();
    Tariffs.Document document =
        tariffs
            .document(version.id(), version.version())
            .orElseThrow(() -> new Blocked(Blocked.Reason.NO_TARIFF, where + ": it is gone"));
    if (!CanonicalJson.digest(document.bytes()).equals(version.sha256())) {
      throw new Blocked(
          Blocked.Reason.NO_TARIFF, where + ": its document is not the one that was added");
    }
    try {
      Tariff tariff =
          parser.read(
              document.bytes(), sha256 -> Optional.ofNullable(document.others().get(sha256)));
      read.put(version, tariff);
      return tariff;
    } catch (TariffException e) {
      throw new Blocked(Blocked.Reason.NO_TARIFF, where + ": " + e.getMessage());
    }
  }
}
