package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.BufferReader;
import org.gridwarden.dlms.BufferReader.Column;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.companion.Companion;
import org.gridwarden.dlms.companion.LoadProfile;

/**
 * What a meter is asked within an association: attributes, together where it allows that, and what
 * it is like, which is remembered. One thread at a time.
 */
final class Questions {
  private static final int DATA = 1;
  private static final int REGISTER = 3;
  private static final int DEMAND_REGISTER = 5;
  private static final int PROFILE = 7;

  /** So many attributes are asked for at once, at most. */
  private static final int TOGETHER = 16;

  private final Association association;
  private final Meter meter;
  private final TraitsMemory memory;

  Questions(Association association, Meter meter, TraitsMemory memory) {
    this.association = association;
    this.meter = meter;
    this.memory = memory;
  }

  static AttributeRef register(ObisCode object, int attribute) {
    return new AttributeRef(REGISTER, object, attribute);
  }

  /** Several attributes, in their order; empty where the meter refuses one. */
  List<Optional<DlmsData>> get(List<AttributeRef> wanted)
      throws IOException, DlmsException, AssociationRefused {
    List<Optional<DlmsData>> values = new ArrayList<>(wanted.size());
    boolean together =
        association.negotiated().conformance().has(Conformance.Service.MULTIPLE_REFERENCES);
    for (int from = 0; from < wanted.size(); from += TOGETHER) {
      List<AttributeRef> some = wanted.subList(from, Math.min(from + TOGETHER, wanted.size()));
      if (together && some.size() > 1) {
        association
            .get(some.stream().map(a -> new Service.Selected(a, Optional.empty())).toList())
            .forEach(outcome -> values.add(value(outcome)));
      } else {
        for (AttributeRef one : some) {
          values.add(value(association.get(one)));
        }
      }
    }
    return values;
  }

  static Optional<DlmsData> value(Outcome outcome) {
    return outcome instanceof Outcome.Value(DlmsData data) ? Optional.of(data) : Optional.empty();
  }

  /** Scalers and units of registers; asked for once. */
  Map<ObisCode, Scaling> scalings(List<ObisCode> registers)
      throws IOException, DlmsException, AssociationRefused {
    Traits known = traits();
    List<ObisCode> unknown =
        registers.stream().filter(r -> !known.scalings().containsKey(r)).distinct().toList();
    if (unknown.isEmpty()) {
      return known.scalings();
    }
    List<Optional<DlmsData>> answers = get(unknown.stream().map(r -> register(r, 3)).toList());
    Map<ObisCode, Scaling> told = new HashMap<>();
    for (int i = 0; i < unknown.size(); i++) {
      told.put(unknown.get(i), answers.get(i).map(BufferReader::scaling).orElse(Scaling.NONE));
    }
    Traits more = traits().with(told);
    memory.keep(meter.id(), more);
    return more.scalings();
  }

  /** A profile's columns and period; asked for once where they differ from meter to meter. */
  Traits.Table table(LoadProfile profile) throws IOException, DlmsException, AssociationRefused {
    Optional<Traits.Table> known = traits().table(profile.object());
    if (known.isPresent()) {
      return known.get();
    }
    if (!profile.asks()) {
      return new Traits.Table(profile.columns(), profile.period());
    }
    List<Optional<DlmsData>> answers =
        get(
            List.of(
                new AttributeRef(PROFILE, profile.object(), 3),
                new AttributeRef(PROFILE, profile.object(), 4)));
    List<Column> columns =
        answers.get(0).isPresent() ? BufferReader.columns(answers.get(0).get()) : profile.columns();
    Duration period =
        answers.get(1).orElse(null) instanceof DlmsData.Whole seconds && seconds.asLong() >= 0
            ? Duration.ofSeconds(Math.min(seconds.asLong(), profile.period().toSeconds() * 366))
            : profile.period();
    Traits.Table table = new Traits.Table(scaled(columns), period);
    memory.keep(meter.id(), traits().with(profile.object(), table));
    return table;
  }

  private List<Column> scaled(List<Column> columns)
      throws IOException, DlmsException, AssociationRefused {
    Map<ObisCode, Scaling> scalings =
        scalings(
            columns.stream()
                .filter(c -> isRegister(c) && !c.scaling().known())
                .map(Column::object)
                .toList());
    return columns.stream()
        .map(c ->
            c.scaling().known() || !isRegister(c)
                ? c
                : c.with(scalings.getOrDefault(c.object(), Scaling.NONE)))
        .toList();
  }

  private static boolean isRegister(Column column) {
    return column.classId() >= REGISTER
        && column.classId() < DEMAND_REGISTER
        && column.attribute() == 2;
  }

  /** What an event log looks like: its columns are a clock and a code, and perhaps more. */
  static LoadProfile log(Companion companion, org.gridwarden.dlms.companion.EventLog log) {
    return new LoadProfile(
        log.object(),
        "",
        Duration.ofDays(31),
        Duration.ofDays(366),
        List.of(
            new Column(8, companion.clock().object(), 2, Scaling.NONE),
            new Column(DATA, log.code(), 2, Scaling.NONE)),
        true);
  }

  private Traits traits() {
    return memory.find(meter.id()).orElse(Traits.NONE);
  }
}
