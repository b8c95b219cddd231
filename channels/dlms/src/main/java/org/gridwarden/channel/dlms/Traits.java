package org.gridwarden.channel.dlms;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.BufferReader.Column;
import org.gridwarden.dlms.Scaling;

/**
 * What a meter said of itself. Immutable.
 *
 * @param tables its profiles' columns and periods
 * @param scalings its registers' scalers and units
 */
record Traits(Map<ObisCode, Table> tables, Map<ObisCode, Scaling> scalings) {
  static final Traits NONE = new Traits(Map.of(), Map.of());

  /**
   * A profile.
   *
   * @param columns its capture objects, with scalers and units where they have any
   * @param period between two captures; zero where it captures when something happens
   */
  record Table(List<Column> columns, Duration period) {
    Table {
      columns = List.copyOf(columns);
    }

    boolean isInterval() {
      return period.isPositive() && period.compareTo(Duration.ofDays(1)) < 0;
    }
  }

  Traits {
    tables = Map.copyOf(tables);
    scalings = Map.copyOf(scalings);
  }

  Optional<Table> table(ObisCode profile) {
    return Optional.ofNullable(tables.get(profile));
  }

  Traits with(ObisCode profile, Table table) {
    Map<ObisCode, Table> more = new HashMap<>(tables);
    more.put(profile, table);
    return new Traits(more, scalings);
  }

  Traits with(Map<ObisCode, Scaling> known) {
    Map<ObisCode, Scaling> more = new HashMap<>(scalings);
    more.putAll(known);
    return new Traits(tables, more);
  }
}
