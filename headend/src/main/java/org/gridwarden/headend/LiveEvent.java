package org.gridwarden.headend;

import java.time.Instant;
import java.util.List;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Warning;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.MeterCase;

/** Something that has just become durable. */
public sealed interface LiveEvent {
  /** A meter was heard. */
  record Contact(MeterId meter, ChannelId via, Instant at) implements LiveEvent {}

  /** Single slots of a meter. */
  record Slots(MeterId meter, List<Slot> slots) implements LiveEvent {
    public Slots {
      slots = List.copyOf(slots);
    }
  }

  /** Momentary values of a meter. */
  record Momentary(MeterId meter, List<Reading> readings) implements LiveEvent {
    public Momentary {
      readings = List.copyOf(readings);
    }
  }

  /** A warning. */
  record Raised(Warning warning) implements LiveEvent {}

  /**
   * A command took a step.
   *
   * @param state where it stands now
   * @param why of the state; may be empty
   */
  record CommandMoved(CommandId id, MeterId meter, CommandState state, Instant at, String why)
      implements LiveEvent {}

  /** An alarm was raised, told again, acknowledged or closed. */
  record AlarmMoved(Alarm alarm) implements LiveEvent {}

  /** A case was opened, added to or closed. */
  record CaseMoved(MeterCase about) implements LiveEvent {}
}
