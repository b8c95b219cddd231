package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Service;

/**
 * Script table (class 9, version 0, IEC 62056-6-2 clause 4.5.2): lists of actions, each executed by
 * its identifier. All actions of a script are tried in their order; the first failure is what
 * execute (1) returns. Identifier 0 does nothing.
 *
 * <p>Thread-safe: the scripts are one immutable list, and no lock is held while one is executed.
 */
public final class ScriptTable extends InterfaceObject {
  private static final int MOST = 1_000;

  private static final InterfaceClass<ScriptTable> CLASS =
      new InterfaceClass<ScriptTable>(9, 0, 2, 1)
          .attribute(
              2,
              t -> DlmsData.Array.of(t.scripts.stream().map(Script::data).toList()),
              (t, v) -> t.scripts = scripts(v))
          .method(1, ScriptTable::execute);

  /** A script; its identifier is 1 to 65,535. */
  public record Script(int identifier, List<Action> actions) {
    public Script {
      actions = List.copyOf(actions);
    }

    /** Of actions. */
    public static Script of(int identifier, Action... actions) {
      return new Script(identifier, List.of(actions));
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.LongUnsigned(identifier),
          DlmsData.Array.of(actions.stream().map(Action::data).toList()));
    }
  }

  /**
   * What a script does: action_specification.
   *
   * @param service 1 writes an attribute, 2 executes a method
   * @param index of the attribute or method
   * @param parameter the value or the method's parameter
   */
  public record Action(int service, int classId, ObisCode name, int index, DlmsData parameter) {
    private static final int WRITE = 1;
    private static final int EXECUTE = 2;

    /** Writes an attribute. */
    public static Action write(int classId, ObisCode name, int attribute, DlmsData value) {
      return new Action(WRITE, classId, name, attribute, value);
    }

    /** Executes a method whose parameter says nothing. */
    public static Action execute(int classId, ObisCode name, int method) {
      return new Action(EXECUTE, classId, name, method, new DlmsData.Integer8(0));
    }

    private static Action of(DlmsData data) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 5);
      return new Action(
          Values.enumerated(s.get(0), WRITE, EXECUTE),
          Values.longUnsigned(s.get(1)),
          Values.obis(s.get(2)),
          Values.integer8(s.get(3)),
          Values.own(s.get(4)));
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.Enumerated(service),
          new DlmsData.LongUnsigned(classId),
          DlmsData.OctetString.of(name),
          new DlmsData.Integer8(index),
          parameter);
    }

    private AccessResult run(DeviceObjects objects) {
      return service == WRITE
          ? objects.set(new AttributeRef(classId, name, index), parameter)
          : objects.invoke(new MethodRef(classId, name, index), Optional.of(parameter)).result();
    }
  }

  private final DeviceObjects objects;
  private volatile List<Script> scripts;

  /**
   * @param objects on which the scripts act
   */
  public ScriptTable(ObisCode logicalName, DeviceObjects objects, List<Script> scripts) {
    super(CLASS, logicalName);
    this.objects = objects;
    this.scripts = List.copyOf(scripts);
  }

  private static List<Script> scripts(DlmsData value) throws Refusal {
    List<Script> scripts = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure s = Values.structure(element, 2);
      int identifier = Values.within(Values.longUnsigned(s.get(0)), 1, 0xFFFF);
      if (scripts.stream().anyMatch(other -> other.identifier == identifier)) {
        throw Refusal.value();
      }
      List<Action> actions = new ArrayList<>();
      for (DlmsData action : Values.array(s.get(1), MOST)) {
        actions.add(Action.of(action));
      }
      scripts.add(new Script(identifier, actions));
    }
    return List.copyOf(scripts);
  }

  private Service.Invoked execute(Optional<DlmsData> parameters) throws Refusal {
    return result(execute(Values.longUnsigned(Values.parameter(parameters))));
  }

  /** Executes a script; one that is not there is an undefined object. */
  public AccessResult execute(int identifier) {
    if (identifier == 0) {
      return AccessResult.SUCCESS;
    }
    for (Script script : scripts) {
      if (script.identifier == identifier) {
        AccessResult first = AccessResult.SUCCESS;
        for (Action action : script.actions) {
          AccessResult result = action.run(objects);
          first = first.isSuccess() ? result : first;
        }
        return first;
      }
    }
    return AccessResult.OBJECT_UNDEFINED;
  }
}
