package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.client.Access;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C8: eight clients, of which each has other rights to each attribute and method of five objects,
 * so that every one of them is allowed to some and refused to others; and every way to ask.
 */
class AccessRightsTest {
  private static final int FIRST_CLIENT = 20;
  private static final int CLIENTS = 8;
  private static final DlmsData SHORT = new DlmsData.Integer8(0);
  private static final DlmsData LONG = TestMeter.longValue(3_000);

  private final Map<String, Integer> done = new HashMap<>();
  private final List<Thing> things =
      List.of(
          new Thing(1, "0.0.96.1.1.255", 2, 0),
          new Thing(3, "1.0.1.8.0.255", 3, 1),
          new Thing(8, "0.0.1.0.0.255", 9, 6),
          new Thing(70, "0.0.96.3.10.255", 4, 2),
          new Thing(115, "0.0.19.40.0.255", 6, 1));

  /** Counts what is done to it. */
  private final class Thing implements CosemObject {
    private final Identity identity;

    Thing(int classId, String name, int attributes, int methods) {
      identity = new Identity(classId, 0, ObisCode.parse(name), attributes, methods);
    }

    @Override
    public Identity identity() {
      return identity;
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      done.merge("get " + attribute, 1, Integer::sum);
      return new Outcome.Value(selection.map(Selection::parameters).orElse(SHORT));
    }

    @Override
    public AccessResult set(int attribute, DlmsData value) {
      done.merge("set " + attribute, 1, Integer::sum);
      return AccessResult.SUCCESS;
    }

    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      done.merge("invoke " + method, 1, Integer::sum);
      return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
    }

    AttributeRef attribute(int index) {
      return new AttributeRef(identity.classId(), identity.logicalName(), index);
    }

    MethodRef method(int index) {
      return new MethodRef(identity.classId(), identity.logicalName(), index);
    }
  }

  /** Bit 0 reads, bit 1 writes, bit 2 invokes; over all clients each member has all of them. */
  private static int rights(int client, CosemObject object, int member) {
    return client + 3 * object.identity().classId() + 5 * member & 7;
  }

  private static Rights of(int client) {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return (rights(client, object, attribute) & 1) != 0;
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return (rights(client, object, attribute) & 2) != 0;
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return (rights(client, object, method) & 4) != 0;
      }
    };
  }

  private LogicalDevice device() {
    Map<Integer, ClientAccess> clients = new HashMap<>();
    for (int c = 0; c < CLIENTS; c++) {
      clients.put(FIRST_CLIENT + c, ClientAccess.open(of(c)));
    }
    return new LogicalDevice(new byte[8], things, clients);
  }

  /** A way to ask for one thing. */
  enum Way {
    PLAIN {
      @Override
      AccessResult get(Association to, AttributeRef what) throws Exception {
        return result(to.get(what));
      }

      @Override
      AccessResult set(Association to, AttributeRef what) throws Exception {
        return to.set(what, SHORT);
      }

      @Override
      AccessResult invoke(Association to, MethodRef what) throws Exception {
        return to.action(what, Optional.of(SHORT)).result();
      }
    },
    LIST {
      @Override
      AccessResult get(Association to, AttributeRef what) throws Exception {
        List<Outcome> both = to.get(List.of(TestMeter.whole(what), TestMeter.whole(what)));
        assertThat(both.get(0)).isEqualTo(both.get(1));
        return result(both.get(0));
      }

      @Override
      AccessResult set(Association to, AttributeRef what) throws Exception {
        return to.set(List.of(TestMeter.whole(what), TestMeter.whole(what)), List.of(SHORT, SHORT))
            .getLast();
      }

      @Override
      AccessResult invoke(Association to, MethodRef what) throws Exception {
        return to.action(List.of(what, what), List.of(SHORT, SHORT)).getLast().result();
      }
    },
    BLOCKS {
      @Override
      AccessResult get(Association to, AttributeRef what) throws Exception {
        return result(to.get(what, new Selection(2, LONG)));
      }

      @Override
      AccessResult set(Association to, AttributeRef what) throws Exception {
        return to.set(what, LONG);
      }

      @Override
      AccessResult invoke(Association to, MethodRef what) throws Exception {
        return to.action(what, Optional.of(LONG)).result();
      }
    },
    LISTS_IN_BLOCKS {
      @Override
      AccessResult get(Association to, AttributeRef what) throws Exception {
        return LIST.get(to, what);
      }

      @Override
      AccessResult set(Association to, AttributeRef what) throws Exception {
        return to.set(List.of(TestMeter.whole(what), TestMeter.whole(what)), List.of(LONG, LONG))
            .getLast();
      }

      @Override
      AccessResult invoke(Association to, MethodRef what) throws Exception {
        return to.action(List.of(what, what), List.of(LONG, LONG)).getLast().result();
      }
    },
    ACCESS {
      @Override
      AccessResult get(Association to, AttributeRef what) throws Exception {
        return one(to.access().get(what));
      }

      @Override
      AccessResult set(Association to, AttributeRef what) throws Exception {
        return one(to.access().set(what, SHORT));
      }

      @Override
      AccessResult invoke(Association to, MethodRef what) throws Exception {
        return one(to.access().action(what, SHORT));
      }

      private AccessResult one(Access access) throws Exception {
        List<Access.Done> results = access.send();
        assertThat(results).hasSize(1);
        return results.getFirst().result();
      }
    };

    abstract AccessResult get(Association to, AttributeRef what) throws Exception;

    abstract AccessResult set(Association to, AttributeRef what) throws Exception;

    abstract AccessResult invoke(Association to, MethodRef what) throws Exception;

    static AccessResult result(Outcome outcome) {
      return outcome instanceof Outcome.Refused(AccessResult why) ? why : AccessResult.SUCCESS;
    }
  }

  static Stream<Arguments> everyWay() {
    return IntStream.range(0, CLIENTS)
        .boxed()
        .flatMap(client ->
            Stream.of(Way.values())
                .flatMap(way ->
                    way == Way.ACCESS
                        ? Stream.of(Arguments.of(client, way, false))
                        : Stream.of(
                            Arguments.of(client, way, false), Arguments.of(client, way, true))));
  }

  private Association open(int client, boolean shortNames) throws Exception {
    MeterAssociation association = new MeterAssociation(device(), FIRST_CLIENT + client);
    AssociationRequest request = AssociationRequest.open();
    return Association.open(
        new MemoryLink(association::answer), shortNames ? request.withShortNames() : request);
  }

  private static AccessResult expected(boolean allowed) {
    return allowed ? AccessResult.SUCCESS : AccessResult.READ_WRITE_DENIED;
  }

  private void check(AccessResult result, boolean allowed, String what) {
    assertThat(result).as(what).isEqualTo(expected(allowed));
    if (!allowed) {
      assertThat(done).as(what).isEmpty();
    } else if (!what.equals("get 1")) {
      assertThat(done).as(what).containsOnlyKeys(what);
    }
    done.clear();
  }

  @ParameterizedTest
  @DisplayName("C8 each attribute and method is done where it is allowed, and refused where not")
  @MethodSource("everyWay")
  void allowedAndRefused(int client, Way way, boolean shortNames) throws Exception {
    Rights rights = of(client);
    try (Association to = open(client, shortNames)) {
      for (Thing thing : things) {
        for (int a = 1; a <= thing.identity().attributes(); a++) {
          AttributeRef ref = thing.attribute(a);
          check(way.get(to, ref), rights.reads(thing, a), "get " + a);
          check(way.set(to, ref), rights.writes(thing, a), "set " + a);
        }
        for (int m = 1; m <= thing.identity().methods(); m++) {
          check(way.invoke(to, thing.method(m)), rights.invokes(thing, m), "invoke " + m);
        }
      }
    }
  }

  static Stream<Arguments> everyClient() {
    return IntStream.range(0, CLIENTS)
        .boxed()
        .flatMap(c -> Stream.of(Arguments.of(c, false), Arguments.of(c, true)));
  }

  @ParameterizedTest
  @DisplayName("C8 what is not answered is not done either where it is not allowed")
  @MethodSource("everyClient")
  void unconfirmed(int client, boolean shortNames) throws Exception {
    Rights rights = of(client);
    try (Association to = open(client, shortNames)) {
      for (Thing thing : things) {
        for (int a = 1; a <= thing.identity().attributes(); a++) {
          to.setUnconfirmed(thing.attribute(a), SHORT);
          check(expected(!done.isEmpty()), rights.writes(thing, a), "set " + a);
        }
        for (int m = 1; m <= thing.identity().methods(); m++) {
          to.actionUnconfirmed(thing.method(m), Optional.of(SHORT));
          check(expected(!done.isEmpty()), rights.invokes(thing, m), "invoke " + m);
        }
      }
    }
  }

  @ParameterizedTest
  @DisplayName("C8 attribute 0 gives what may be read, and writes all or nothing")
  @MethodSource("everyClient")
  void attribute0(int client, boolean access) throws Exception {
    Rights rights = of(client);
    try (Association to = open(client, false)) {
      for (Thing thing : things) {
        List<DlmsData> values = new ArrayList<>();
        int attributes = thing.identity().attributes();
        boolean any = false;
        for (int a = 1; a <= attributes; a++) {
          any |= rights.reads(thing, a);
          values.add(
              !rights.reads(thing, a)
                  ? DlmsData.NullData.of()
                  : a == 1 ? DlmsData.OctetString.of(thing.identity().logicalName()) : SHORT);
        }
        AttributeRef all = thing.attribute(0);
        if (access) {
          assertThat(to.access().get(all).send().getFirst().result()).isEqualTo(expected(any));
        } else {
          assertThat(to.get(all))
              .isEqualTo(
                  any
                      ? new Outcome.Value(DlmsData.Structure.of(values))
                      : new Outcome.Refused(AccessResult.READ_WRITE_DENIED));
        }
        done.clear();
        for (int a = 1; a <= attributes; a++) {
          List<DlmsData> one = new ArrayList<>(java.util.Collections.nCopies(attributes, NOTHING));
          one.set(a - 1, SHORT);
          DlmsData written = DlmsData.Structure.of(one);
          AccessResult result =
              access
                  ? to.access().set(all, written).send().getFirst().result()
                  : to.set(all, written);
          check(result, rights.writes(thing, a), "set " + a);
        }
      }
    }
  }

  private static final DlmsData NOTHING = DlmsData.NullData.of();

  @ParameterizedTest
  @DisplayName("C8 the rights that the association tells are those that hold")
  @MethodSource("everyClient")
  void toldRights(int client, boolean shortNames) throws Exception {
    Rights rights = of(client);
    ObisCode current = ObisCode.parse("0.0.40.0.0.255");
    try (Association to = open(client, shortNames)) {
      AttributeRef list =
          shortNames ? new AttributeRef(12, current, 3) : new AttributeRef(15, current, 2);
      DlmsData.Array told = (DlmsData.Array) ((Outcome.Value) to.get(list)).data();
      assertThat(told.size()).isEqualTo(1 + things.size());
      for (int i = 0; i < things.size(); i++) {
        Thing thing = things.get(i);
        // by logical names the association comes first, by short ones its base name is the greatest
        DlmsData.Structure element = (DlmsData.Structure) told.get(shortNames ? i : i + 1);
        DlmsData.Structure access =
            shortNames
                ? DlmsData.Structure.of(element.get(1), element.get(2))
                : (DlmsData.Structure) element.get(3);
        DlmsData.Array attributes = (DlmsData.Array) access.get(0);
        for (int a = 1; a <= thing.identity().attributes(); a++) {
          int mode = (rights.reads(thing, a) ? 1 : 0) + (rights.writes(thing, a) ? 2 : 0);
          assertThat(((DlmsData.Structure) attributes.get(a - 1)).elements())
              .startsWith(new DlmsData.Integer8(a), new DlmsData.Enumerated(mode));
        }
        DlmsData.Array methods = (DlmsData.Array) access.get(1);
        for (int m = 1; m <= thing.identity().methods(); m++) {
          assertThat(((DlmsData.Structure) methods.get(m - 1)).elements())
              .startsWith(
                  new DlmsData.Integer8(m),
                  new DlmsData.Enumerated(rights.invokes(thing, m) ? 1 : 0));
        }
      }
      // nobody changes the association itself, or proves anything once it is open
      int classId = shortNames ? 12 : 15;
      assertThat(to.set(new AttributeRef(classId, current, 2), SHORT))
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
      assertThat(
              to.action(
                      new MethodRef(classId, current, shortNames ? 8 : 1),
                      Optional.of(DlmsData.OctetString.of(new byte[16])))
                  .result())
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
    }
  }
}
