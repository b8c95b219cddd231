package org.gridwarden.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gridwarden.core.CommandState;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.objects.AccessList;
import org.gridwarden.dlms.objects.AssociationLn;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.security.command.OrderDesk.Breaker.Done;

/**
 * Whom a meter lets in: client 16 without proof and client 1 with its keys, as it was made, and as
 * orders at its desk have changed it since, one Association LN object each. Nobody gets more than
 * the meter was made with, and the office does not lock itself out. Immutable but for what is kept.
 */
final class Associations {
  private static final int ASSOCIATION = 15;
  private static final int OBJECT_LIST = 2;
  private static final int PARTNERS = 3;
  private static final int MECHANISM = 6;
  private static final int STATUS = 8;
  private static final int ASSOCIATED = 2;
  private static final int SERVER = 1;

  /** As the meter was made. */
  private record Made(int client, ObisCode name, Acse.Mechanism mechanism, Rights greatest) {}

  private static final Made PUBLIC =
      new Made(16, ObisCode.parse("0.0.40.0.1.255"), Acse.Mechanism.NONE, Rights.READ_ALL);
  private static final Made MANAGEMENT =
      new Made(1, ObisCode.parse("0.0.40.0.2.255"), Acse.Mechanism.HLS_GMAC, DeskRights.INSTANCE);
  private static final List<Made> MADE = List.of(PUBLIC, MANAGEMENT);

  private final Function<String, Optional<String>> kept;
  private final List<CosemObject> all;

  /**
   * @param kept what orders have left in the meter's memory, by its names
   * @param objects the meter's other objects
   */
  Associations(Function<String, Optional<String>> kept, List<? extends CosemObject> objects) {
    this.kept = kept;
    this.all = new ArrayList<>(objects);
    MADE.forEach(made -> all.add(new Listed(made)));
  }

  /** All of the meter's objects, the associations among them. */
  List<CosemObject> objects() {
    return List.copyOf(all);
  }

  /**
   * How each client gets in; one without rights does not.
   *
   * @param keyed by the meter's keys
   * @param password of clients that have one
   */
  Map<Integer, ClientAccess> clients(Function<Rights, ClientAccess> keyed, byte[] password) {
    Map<Integer, ClientAccess> clients = new HashMap<>();
    for (Made made : MADE) {
      List<AccessRights> rights = rights(made);
      if (!rights.isEmpty()) {
        Rights narrowed = new Narrowed(rights, most(made));
        clients.put(
            made.client(),
            switch (mechanism(made)) {
              case NONE -> ClientAccess.open(narrowed);
              case LLS -> ClientAccess.password(password, narrowed);
              default -> keyed.apply(narrowed);
            });
      }
    }
    return clients;
  }

  // --- as it stands

  private List<AccessRights> rights(Made made) {
    Optional<String> ordered = kept.apply(word(made, OBJECT_LIST));
    if (ordered.isEmpty()) {
      return AccessList.of(all, most(made)).stream().filter(o -> !o.nothing()).toList();
    }
    try {
      return AccessList.decode(Axdr.decode(HexFormat.of().parseHex(ordered.get())));
    } catch (DlmsException e) {
      return List.of(); // a memory that was tampered with opens nothing
    }
  }

  private Acse.Mechanism mechanism(Made made) {
    return kept.apply(word(made, MECHANISM)).map(Acse.Mechanism::valueOf).orElse(made.mechanism());
  }

  /**
   * With its association a client does what its class allows, with all else what it was made for.
   */
  private static Rights most(Made made) {
    Rights own = AssociationLn.rights(made.greatest());
    return new Rights() {
      private Rights of(CosemObject object) {
        return object.identity().classId() == ASSOCIATION ? own : made.greatest();
      }

      @Override
      public boolean reads(CosemObject object, int attribute) {
        return of(object).reads(object, attribute);
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return of(object).writes(object, attribute);
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return of(object).invokes(object, method);
      }
    };
  }

  private static String word(Made made, int attribute) {
    return "access." + made.client() + "." + attribute;
  }

  /** What a list gives, and no more than the greatest rights. */
  private record Narrowed(Map<ObisCode, AccessRights> by, Rights greatest) implements Rights {
    Narrowed(List<AccessRights> rights, Rights greatest) {
      this(new HashMap<>(), greatest);
      rights.forEach(one -> by.put(one.object(), one));
    }

    private int mode(CosemObject object, int number, boolean method) {
      AccessRights its = by.get(object.identity().logicalName());
      if (its == null || its.classId() != object.identity().classId()) {
        return 0;
      }
      return (method ? its.methods() : its.attributes()).getOrDefault(number, 0);
    }

    @Override
    public boolean reads(CosemObject object, int attribute) {
      return (mode(object, attribute, false) & AccessRights.READ) != 0
          && greatest.reads(object, attribute);
    }

    @Override
    public boolean writes(CosemObject object, int attribute) {
      return (mode(object, attribute, false) & AccessRights.WRITE) != 0
          && greatest.writes(object, attribute);
    }

    @Override
    public boolean invokes(CosemObject object, int method) {
      return (mode(object, method, true) & AccessRights.READ) != 0
          && greatest.invokes(object, method);
    }
  }

  // --- orders

  /** Whether an order's attribute is one of these objects'. */
  static boolean mine(String attribute) {
    return MADE.stream().anyMatch(made -> attribute.startsWith(made.name() + ":15:"));
  }

  /**
   * Does what an order says of a client's rights or of how it proves itself.
   *
   * @param attribute {@code 0.0.40.0.1.255:15:2} or {@code :6}
   * @param memory keeps it
   */
  Done order(String attribute, DlmsData value, MeterMemory memory) {
    for (Made made : MADE) {
      if (attribute.equals(made.name() + ":15:" + OBJECT_LIST)) {
        return objects(made, value, memory);
      }
      if (attribute.equals(made.name() + ":15:" + MECHANISM)) {
        return mechanism(made, value, memory);
      }
    }
    return refused("of an association its object list (2) and its mechanism (6) are set");
  }

  private Done objects(Made made, DlmsData value, MeterMemory memory) {
    List<AccessRights> wanted;
    try {
      wanted = AccessList.decode(value);
    } catch (DlmsException e) {
      return refused("it is no object list: " + e.getMessage());
    }
    List<AccessRights> most = AccessList.of(all, most(made));
    for (AccessRights one : wanted) {
      Optional<AccessRights> its = most.stream().filter(one::same).findFirst();
      if (its.isEmpty()) {
        return refused("it has no " + one.object() + " of class " + one.classId());
      }
      if (!within(one.attributes(), its.get().attributes())
          || !within(one.methods(), its.get().methods())) {
        return refused(
            "client "
                + made.client()
                + " never gets more of "
                + one.object()
                + " than it was made"
                + " with");
      }
    }
    if (made == MANAGEMENT && !reachable(wanted)) {
      return refused("client 1 keeps the desk and the associations: nobody could undo this order");
    }
    memory.word(
        word(made, OBJECT_LIST),
        HexFormat.of()
            .formatHex(
                Axdr.encode(
                    AccessList.encode(wanted.stream().filter(o -> !o.nothing()).toList()))));
    return done("client " + made.client() + " has rights to " + wanted.size() + " objects");
  }

  private static boolean within(Map<Integer, Integer> wanted, Map<Integer, Integer> most) {
    return wanted.entrySet().stream()
        .allMatch(e -> (e.getValue() & ~most.getOrDefault(e.getKey(), 0)) == 0);
  }

  private static boolean reachable(List<AccessRights> wanted) {
    return wanted.stream()
            .anyMatch(o ->
                o.object().equals(CommandDesk.NAME) && o.methods().containsKey(CommandDesk.TAKE))
        && Stream.of(OBJECT_LIST, PARTNERS, MECHANISM)
            .allMatch(attribute ->
                MADE.stream()
                    .allMatch(made ->
                        wanted.stream()
                            .anyMatch(o ->
                                o.object().equals(made.name())
                                    && o.attributes().containsKey(attribute))));
  }

  private Done mechanism(Made made, DlmsData value, MeterMemory memory) {
    int wanted;
    try {
      wanted = AccessList.mechanism(value);
    } catch (DlmsException e) {
      return refused("it is no mechanism: " + e.getMessage());
    }
    Acse.Mechanism mechanism =
        switch (wanted) {
          case 0 -> Acse.Mechanism.NONE;
          case 1 -> Acse.Mechanism.LLS;
          case 5 -> Acse.Mechanism.HLS_GMAC;
          default -> null;
        };
    if (mechanism == null) {
      return refused("it knows mechanisms 0, 1 and 5, not " + wanted);
    }
    if (made == MANAGEMENT && mechanism != Acse.Mechanism.HLS_GMAC) {
      return refused("client 1 proves itself by its keys: nobody else may command");
    }
    memory.word(word(made, MECHANISM), mechanism.name());
    return done("client " + made.client() + " proves itself by mechanism " + wanted);
  }

  private static Done done(String detail) {
    return new Done(CommandState.CONFIRMED, detail);
  }

  private static Done refused(String detail) {
    return new Done(CommandState.REFUSED, detail);
  }

  /** The Association LN object of one client, as others see it. */
  private final class Listed implements CosemObject {
    private final Made made;

    Listed(Made made) {
      this.made = made;
    }

    @Override
    public Identity identity() {
      return new Identity(ASSOCIATION, 3, made.name(), 11, 6);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return switch (attribute) {
        case OBJECT_LIST -> new Outcome.Value(AccessList.encode(rights(made)));
        case PARTNERS ->
            new Outcome.Value(
                DlmsData.Structure.of(
                    new DlmsData.Integer8(made.client()), new DlmsData.LongUnsigned(SERVER)));
        case MECHANISM ->
            new Outcome.Value(AccessList.mechanism(Associations.this.mechanism(made)));
        case STATUS -> new Outcome.Value(new DlmsData.Enumerated(ASSOCIATED));
        default -> CosemObject.none();
      };
    }
  }
}
