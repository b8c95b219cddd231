package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * Register activation (class 6, version 0, IEC 62056-6-2 clause 4.3.5): which registers count now,
 * by masks that have names; the active mask is a tariff. Registers that are not assigned always
 * count, those that are count where the active mask has their index, from 1.
 *
 * <p>Thread-safe: one immutable state, replaced as a whole; who watches is told after each change,
 * without a lock held.
 */
public final class RegisterActivation extends InterfaceObject {
  private static final int LONGEST_NAME = 64;
  private static final int MOST = 255;

  private static final InterfaceClass<RegisterActivation> CLASS =
      new InterfaceClass<RegisterActivation>(6, 0, 4, 3)
          .attribute(
              2,
              r -> DlmsData.Array.of(r.state.registers.stream().map(Assigned::data).toList()),
              (r, v) -> r.assign(v))
          .attribute(
              3,
              r -> DlmsData.Array.of(r.state.masks.stream().map(Mask::data).toList()),
              (r, v) -> r.masks(v))
          .attribute(4, r -> r.state.active, (r, v) -> r.activate(Values.octets(v, LONGEST_NAME)))
          .method(1, RegisterActivation::addRegister)
          .method(2, RegisterActivation::addMask)
          .method(3, RegisterActivation::deleteMask);

  /** A register that masks can switch. */
  public record Assigned(int classId, ObisCode name) {
    private static Assigned of(DlmsData data) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 2);
      return new Assigned(Values.longUnsigned(s.get(0)), Values.obis(s.get(1)));
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.LongUnsigned(classId), DlmsData.OctetString.of(name));
    }
  }

  /**
   * A mask.
   *
   * @param indexes of the registers that count, from 1 in the order of their assignment
   */
  public record Mask(DlmsData.OctetString name, List<Integer> indexes) {
    public Mask {
      indexes = List.copyOf(indexes);
    }

    private static Mask of(DlmsData data, int registers) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 2);
      List<Integer> indexes = new ArrayList<>();
      for (DlmsData index : Values.array(s.get(1), MOST)) {
        indexes.add(Values.within(Values.unsigned8(index), 1, registers));
      }
      return new Mask(Values.octets(s.get(0), LONGEST_NAME), indexes);
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          name, DlmsData.Array.of(indexes.stream().map(DlmsData.Unsigned8::new).toList()));
    }
  }

  private record State(List<Assigned> registers, List<Mask> masks, DlmsData.OctetString active) {
    Optional<Mask> mask() {
      return masks.stream().filter(m -> m.name.equals(active)).findFirst();
    }
  }

  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private volatile State state;

  /**
   * @param active the name of the active mask, empty for none
   */
  public RegisterActivation(
      ObisCode logicalName,
      List<Assigned> registers,
      List<Mask> masks,
      DlmsData.OctetString active) {
    super(CLASS, logicalName);
    this.state = new State(List.copyOf(registers), List.copyOf(masks), active);
  }

  /** Whether a register counts now. */
  public boolean isActive(int classId, ObisCode name) {
    State now = state;
    int index = now.registers.indexOf(new Assigned(classId, name));
    return index < 0 || now.mask().filter(m -> m.indexes.contains(index + 1)).isPresent();
  }

  /** Tells of each change of what counts. */
  public void watch(Runnable changed) {
    watchers.add(changed);
  }

  private interface Change {
    State of(State old) throws Refusal;
  }

  private void change(Change change) throws Refusal {
    synchronized (this) {
      state = change.of(state);
    }
    watchers.forEach(Runnable::run);
  }

  private void assign(DlmsData value) throws Refusal {
    List<Assigned> registers = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      registers.add(Assigned.of(element));
    }
    if (new HashSet<>(registers).size() < registers.size()) {
      throw Refusal.value();
    }
    change(old -> {
      for (Mask mask : old.masks) {
        for (int index : mask.indexes) {
          Values.within(index, 1, registers.size());
        }
      }
      return new State(List.copyOf(registers), old.masks, old.active);
    });
  }

  private void masks(DlmsData value) throws Refusal {
    change(old -> {
      List<Mask> masks = new ArrayList<>();
      for (DlmsData element : Values.array(value, MOST)) {
        Mask mask = Mask.of(element, old.registers.size());
        if (masks.stream().anyMatch(m -> m.name.equals(mask.name))) {
          throw Refusal.value();
        }
        masks.add(mask);
      }
      return new State(old.registers, List.copyOf(masks), old.active);
    });
  }

  private void activate(DlmsData.OctetString name) throws Refusal {
    change(old -> {
      State changed = new State(old.registers, old.masks, name);
      if (name.length() > 0 && changed.mask().isEmpty()) {
        throw Refusal.value();
      }
      return changed;
    });
  }

  private Service.Invoked addRegister(Optional<DlmsData> parameters) throws Refusal {
    Assigned added = Assigned.of(Values.parameter(parameters));
    change(old -> {
      if (old.registers.contains(added) || old.registers.size() == MOST) {
        throw Refusal.value();
      }
      List<Assigned> registers = new ArrayList<>(old.registers);
      registers.add(added);
      return new State(List.copyOf(registers), old.masks, old.active);
    });
    return done();
  }

  /** A mask of the same name is replaced. */
  private Service.Invoked addMask(Optional<DlmsData> parameters) throws Refusal {
    DlmsData parameter = Values.parameter(parameters);
    change(old -> {
      Mask added = Mask.of(parameter, old.registers.size());
      List<Mask> masks = new ArrayList<>(old.masks);
      masks.removeIf(m -> m.name.equals(added.name));
      if (masks.size() == MOST) {
        throw Refusal.value();
      }
      masks.add(added);
      return new State(old.registers, List.copyOf(masks), old.active);
    });
    return done();
  }

  private Service.Invoked deleteMask(Optional<DlmsData> parameters) throws Refusal {
    DlmsData.OctetString name = Values.octets(Values.parameter(parameters));
    change(old -> {
      List<Mask> masks = new ArrayList<>(old.masks);
      if (!masks.removeIf(m -> m.name.equals(name))) {
        throw Refusal.value();
      }
      return new State(old.registers, List.copyOf(masks), old.active);
    });
    return done();
  }
}
