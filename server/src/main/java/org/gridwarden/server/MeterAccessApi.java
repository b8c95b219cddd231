package org.gridwarden.server;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.AccessDifference;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.AccessList;
import org.gridwarden.store.AccessBook;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Whom a meter lets in, how they prove who they are and what they may do: as it was read, as it is
 * wanted, and which orders would bring it there. Orders go the way of every command.
 */
@RestController
@RequestMapping("/api/v1")
class MeterAccessApi {
  /** What an order carries at most, as {@link org.gridwarden.core.Action.Configure} has it. */
  private static final int CARRIED = 4_096;

  private static final int LONGEST_REASON = 1_000;
  private static final int LISTED = 1_000;

  private final Office office;

  MeterAccessApi(Office office) {
    this.office = office;
  }

  /**
   * What a client may do with an object; numbers of attributes and methods with their access modes:
   * bit 0 read or use, bit 1 write.
   */
  record ObjectView(
      String object,
      int classId,
      int version,
      Map<String, Integer> attributes,
      Map<String, Integer> methods) {
    static ObjectView of(AccessRights one) {
      return new ObjectView(
          one.object().toString(),
          one.classId(),
          one.version(),
          named(one.attributes()),
          named(one.methods()));
    }

    private static Map<String, Integer> named(Map<Integer, Integer> modes) {
      Map<String, Integer> named = new java.util.LinkedHashMap<>();
      modes.forEach((number, mode) -> named.put(number.toString(), mode));
      return named;
    }
  }

  /**
   * A client.
   *
   * @param association the Association LN object that tells of it
   * @param level none, low or high
   * @param objects those with which it may do something; without any it is not let in
   */
  record ClientView(int number, String association, String level, List<ObjectView> objects) {
    static ClientView of(MeterAccess.Client client) {
      return new ClientView(
          client.number(),
          client.association().toString(),
          client.level().word(),
          client.objects().stream().map(ObjectView::of).toList());
    }
  }

  /**
   * What is wanted.
   *
   * @param agreed when the meter was first found so; null where it was not yet
   */
  record WishView(
      List<ClientView> clients, String since, @Nullable String agreed, String by, String reason) {}

  /** One difference; whether the meter allows more than is wanted. */
  record DifferenceView(int client, String words, boolean more) {}

  /**
   * An order that would bring a client to what is wanted: a configure command's attribute and
   * value.
   *
   * @param value base64; null where the list is longer than an order carries
   */
  record OrderView(int client, String attribute, @Nullable String value, String words) {}

  /**
   * A meter's access.
   *
   * @param state unread; unmanaged: nobody said how it should be; same; waiting: not yet as wanted;
   *     differs: it was as wanted once, and is not any more
   * @param read when it was read; null where it was not
   */
  record AccessView(
      String meter,
      String state,
      @Nullable String read,
      List<ClientView> found,
      @Nullable WishView wish,
      List<DifferenceView> differences,
      List<OrderView> orders) {}

  /** How many meters stand how, and which are not as wanted: the first thousand. */
  record Fleet(long read, long wished, long differing, List<String> meters) {}

  /** A client as it is wanted. */
  record WantedClient(
      @Nullable Integer number,
      @Nullable String association,
      @Nullable String level,
      @Nullable List<WantedObject> objects) {}

  /** An object as it is wanted. */
  record WantedObject(
      @Nullable String object,
      @Nullable Integer classId,
      @Nullable Integer version,
      @Nullable Map<String, Integer> attributes,
      @Nullable Map<String, Integer> methods) {}

  /**
   * How a meter is to be.
   *
   * @param clients all of them; null: as it was read
   */
  record Wanted(@Nullable List<WantedClient> clients, @Nullable String reason) {}

  @GetMapping("/meter-access")
  Fleet fleet() {
    AccessBook.Counts counts = office.store().access().counts();
    return new Fleet(
        counts.read(),
        counts.wished(),
        counts.differing(),
        office.store().access().differing(LISTED).stream().map(MeterId::value).toList());
  }

  @GetMapping("/meters/{id}/access")
  AccessView access(@PathVariable("id") String meter) {
    MeterId id = office.known(meter).id();
    Optional<AccessBook.Found> found = office.store().access().found(id);
    Optional<AccessBook.Wish> wish = office.store().access().wish(id);
    List<AccessDifference> differences =
        found.isPresent() && wish.isPresent()
            ? AccessDifference.between(wish.get().access(), found.get().access())
            : List.of();
    return new AccessView(
        id.value(),
        state(found, wish, differences),
        found.map(f -> f.at().toString()).orElse(null),
        found.map(f -> clients(f.access())).orElse(List.of()),
        wish.map(w ->
                new WishView(
                    clients(w.access()),
                    w.since().toString(),
                    w.agreed().map(Object::toString).orElse(null),
                    w.by(),
                    w.reason()))
            .orElse(null),
        differences.stream().map(d -> new DifferenceView(d.client(), d.words(), d.more())).toList(),
        found.isPresent() && wish.isPresent()
            ? orders(wish.get().access(), found.get().access())
            : List.of());
  }

  private static String state(
      Optional<AccessBook.Found> found,
      Optional<AccessBook.Wish> wish,
      List<AccessDifference> differences) {
    if (found.isEmpty()) {
      return "unread";
    }
    if (wish.isEmpty()) {
      return "unmanaged";
    }
    if (differences.isEmpty()) {
      return "same";
    }
    return wish.get().agreed().isPresent() ? "differs" : "waiting";
  }

  private static List<ClientView> clients(MeterAccess access) {
    return access.clients().stream().map(ClientView::of).toList();
  }

  @PutMapping("/meters/{id}/access")
  AccessView want(@PathVariable("id") String meter, @RequestBody Wanted wanted) {
    MeterId id = office.known(meter).id();
    String reason = Requests.needed("reason", wanted.reason());
    if (reason.length() > LONGEST_REASON) {
      throw Requests.wrong("reason", "has at most " + LONGEST_REASON + " characters");
    }
    MeterAccess found =
        office
            .store()
            .access()
            .found(id)
            .orElseThrow(() ->
                new FaultException(
                    Fault.Code.CONFLICT,
                    "meter " + id,
                    "it was not read yet whom it lets in: that is done with its daily reading, or"
                        + " by 'collection read'; its companion profile must name its"
                        + " associations"))
            .access();
    MeterAccess access = wanted.clients() == null ? found : read(wanted.clients(), found);
    if (access.clients().stream()
        .noneMatch(c -> c.level() == MeterAccess.Level.HIGH && !c.objects().isEmpty())) {
      throw Requests.wrong(
          "clients", "keep one of level high with rights: the office itself comes in by it");
    }
    office.store().access().wish(id, access, reason, Audit.actor());
    return access(meter);
  }

  private static MeterAccess read(List<WantedClient> clients, MeterAccess found) {
    try {
      List<MeterAccess.Client> all = new ArrayList<>();
      for (WantedClient one : clients) {
        if (one == null || one.number() == null || one.level() == null || one.objects() == null) {
          throw Requests.wrong("clients", "have number, level and objects");
        }
        int number = one.number();
        MeterAccess.Client known =
            found
                .client(number)
                .orElseThrow(() ->
                    Requests.wrong("clients", "the meter has no association for client " + number));
        if (one.association() != null
            && !ObisCode.parse(one.association()).equals(known.association())) {
          throw Requests.wrong(
              "clients", "client " + number + " has association " + known.association());
        }
        all.add(
            new MeterAccess.Client(
                number, known.association(), level(one.level()), objects(one.objects())));
      }
      return new MeterAccess(all);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("clients", String.valueOf(e.getMessage()));
    }
  }

  private static List<AccessRights> objects(List<WantedObject> objects) {
    List<AccessRights> all = new ArrayList<>();
    for (WantedObject one : objects) {
      if (one == null || one.object() == null || one.classId() == null) {
        throw Requests.wrong("clients", "objects have object and classId");
      }
      all.add(
          new AccessRights(
              one.classId(),
              one.version() == null ? 0 : one.version(),
              ObisCode.parse(one.object()),
              modes(one.attributes()),
              modes(one.methods())));
    }
    return all;
  }

  private static TreeMap<Integer, Integer> modes(@Nullable Map<String, Integer> given) {
    TreeMap<Integer, Integer> modes = new TreeMap<>();
    if (given != null) {
      given.forEach((number, mode) -> {
        if (mode == null || !number.matches("-?[0-9]{1,3}")) {
          throw Requests.wrong("clients", "rights are numbers of attributes with their modes");
        }
        modes.put(Integer.valueOf(number), mode);
      });
    }
    return modes;
  }

  private static MeterAccess.Level level(String word) {
    for (MeterAccess.Level level : MeterAccess.Level.values()) {
      if (level.word().equals(word.toLowerCase(Locale.ROOT))) {
        return level;
      }
    }
    throw Requests.wrong("level", "is none, low or high");
  }

  // --- the orders that would bring it there

  private static List<OrderView> orders(MeterAccess wanted, MeterAccess found) {
    List<OrderView> orders = new ArrayList<>();
    for (MeterAccess.Client is : found.clients()) {
      Optional<MeterAccess.Client> want = wanted.client(is.number());
      List<AccessRights> rights = want.map(MeterAccess.Client::objects).orElse(List.of());
      String who = "client " + is.number();
      if (want.isPresent() && want.get().level() != is.level() && !rights.isEmpty()) {
        orders.add(
            order(
                is,
                6,
                AccessList.mechanism(mechanism(want.get().level())),
                who + " proves itself at level " + want.get().level().word()));
      }
      if (!rights.equals(is.objects())) {
        orders.add(
            order(
                is,
                2,
                AccessList.encode(rights),
                rights.isEmpty()
                    ? who + " is not let in any more"
                    : who + " gets rights to " + rights.size() + " objects"));
      }
    }
    return orders;
  }

  private static OrderView order(
      MeterAccess.Client client, int attribute, DlmsData value, String words) {
    byte[] encoded = Axdr.encode(value);
    boolean carried = encoded.length <= CARRIED;
    return new OrderView(
        client.number(),
        client.association() + ":15:" + attribute,
        carried ? Base64.getEncoder().encodeToString(encoded) : null,
        carried
            ? words
            : words
                + ": the list has "
                + encoded.length
                + " bytes and an order carries "
                + CARRIED
                + ", so the maker's tool has to bring it");
  }

  private static Acse.Mechanism mechanism(MeterAccess.Level level) {
    return switch (level) {
      case NONE -> Acse.Mechanism.NONE;
      case LOW -> Acse.Mechanism.LLS;
      case HIGH -> Acse.Mechanism.HLS_GMAC;
    };
  }
}
