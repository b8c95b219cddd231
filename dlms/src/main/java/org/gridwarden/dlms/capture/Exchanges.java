package org.gridwarden.dlms.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LongService;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.jspecify.annotations.Nullable;

/**
 * Brings answers together with their questions by the invoke id, and joins the blocks of long
 * values. Not thread-safe.
 */
final class Exchanges {
  private static final int IDS = 16;
  private static final int MOST_OPEN = 64;
  private final @Nullable Exchange[] open = new @Nullable Exchange[IDS];

  /** By the long invoke id of ACCESS, the oldest first. */
  private final Map<Long, List<Access.Target>> accesses = new LinkedHashMap<>();

  /** One question and what was seen of its answer. */
  private static final class Exchange {
    private List<Access.Target> what = List.of();
    private boolean list;
    private final BlockJoin blocks = new BlockJoin();

    private Optional<byte[]> join(Service.Block block) {
      return blocks.join(block.number(), block.last(), block.raw());
    }
  }

  /** Forgets all: an association begins. */
  void clear() {
    Arrays.fill(open, null);
    accesses.clear();
  }

  /**
   * What a message is about.
   *
   * @throws DlmsException where the blocks that it completes hold no value
   */
  List<Access> take(Service.Invocation service) throws DlmsException {
    return switch (service) {
      case Service.GetRequest get -> get(get);
      case Service.GetResponse got -> got(got);
      case Service.SetRequest set -> set(set);
      case Service.SetResponse done -> done(done);
      case Service.ActionRequest action -> action(action);
      case Service.ActionResponse acted -> acted(acted);
    };
  }

  private Exchange begin(Service.Invocation service, List<Access.Target> what, boolean list) {
    Exchange fresh = new Exchange();
    fresh.what = List.copyOf(what);
    fresh.list = list;
    open[service.invoke() % IDS] = fresh;
    return fresh;
  }

  private Exchange of(Service.Invocation service) {
    Exchange known = open[service.invoke() % IDS];
    return known == null ? begin(service, List.of(), false) : known;
  }

  private static Access.Target target(Service.Selected what) {
    return new Access.Attribute(what.attribute(), what.selection());
  }

  private static List<Access.Target> targets(List<Service.Selected> what) {
    return what.stream().map(Exchanges::target).toList();
  }

  private static <T> List<Access> each(
      List<Access.Target> what, List<T> values, BiFunction<Access.Target, T, Access> of) {
    List<Access> all = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      all.add(of.apply(at(what, i), values.get(i)));
    }
    return all;
  }

  private static Access.Target at(List<Access.Target> what, int index) {
    return index < what.size() ? what.get(index) : new Access.Unknown();
  }

  private static List<Access> asked(List<Access.Target> what) {
    return what.stream().map(Access::asked).toList();
  }

  // --- GET

  private List<Access> get(Service.GetRequest get) {
    return switch (get) {
      case Service.GetNormal g -> asked(begin(g, List.of(target(g.what())), false).what);
      case Service.GetList g -> asked(begin(g, targets(g.what()), true).what);
      case Service.GetNext g -> asked(of(g).what);
    };
  }

  private List<Access> got(Service.GetResponse got) throws DlmsException {
    Exchange exchange = of(got);
    return switch (got) {
      case Service.GotNormal g -> List.of(outcome(at(exchange.what, 0), g.outcome()));
      case Service.GotList g -> each(exchange.what, g.outcomes(), Exchanges::outcome);
      case Service.GotBlock g -> {
        if (g.refused().isPresent()) {
          yield List.of(Access.of(at(exchange.what, 0), g.refused().get()));
        }
        Optional<byte[]> whole = exchange.join(g.block());
        if (whole.isEmpty()) {
          yield asked(exchange.what);
        }
        if (!exchange.list) {
          yield List.of(Access.of(at(exchange.what, 0), Axdr.decode(whole.get())));
        }
        // what the blocks carry is the rest of a get-response-with-list
        Apdu list = LongService.whole(whole.get(), 0xC4, 3, g.invoke());
        yield list instanceof Service.GotList all
            ? each(exchange.what, all.outcomes(), Exchanges::outcome)
            : List.of();
      }
    };
  }

  private static Access outcome(Access.Target target, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Value(DlmsData data) -> Access.of(target, data);
      case Outcome.Refused(AccessResult why) -> Access.of(target, why);
    };
  }

  // --- SET

  private List<Access> set(Service.SetRequest set) throws DlmsException {
    return switch (set) {
      case Service.SetNormal s ->
          List.of(Access.of(begin(s, List.of(target(s.what())), false).what.get(0), s.value()));
      case Service.SetList s ->
          each(begin(s, targets(s.what()), true).what, s.values(), Access::of);
      case Service.SetFirstBlock s ->
          written(begin(s, List.of(target(s.what())), false), s, s.block());
      case Service.SetListFirstBlock s -> written(begin(s, targets(s.what()), true), s, s.block());
      case Service.SetBlock s -> written(of(s), s, s.block());
    };
  }

  private List<Access> written(Exchange exchange, Service.Invocation service, Service.Block block)
      throws DlmsException {
    Optional<byte[]> whole = exchange.join(block);
    if (whole.isEmpty()) {
      return asked(exchange.what);
    }
    return exchange.list
        ? each(exchange.what, values(whole.get(), service), Access::of)
        : List.of(Access.of(at(exchange.what, 0), Axdr.decode(whole.get())));
  }

  /** A list of values: read as that of a set-request-with-list without attributes. */
  private static List<DlmsData> values(byte[] list, Service.Invocation service)
      throws DlmsException {
    Apdu read = LongService.whole(list, 0xC1, 4, service.invoke(), 0);
    return read instanceof Service.SetList set ? set.values() : List.of();
  }

  private List<Access> done(Service.SetResponse done) {
    List<Access.Target> what = of(done).what;
    return switch (done) {
      case Service.SetDone d -> List.of(Access.of(at(what, 0), d.result()));
      case Service.SetLastBlockTaken d -> List.of(Access.of(at(what, 0), d.result()));
      case Service.SetListDone d -> each(what, d.results(), Access::of);
      case Service.SetLastBlockListTaken d -> each(what, d.results(), Access::of);
      case Service.SetBlockTaken _ -> asked(what);
    };
  }

  // --- ACTION

  private List<Access> action(Service.ActionRequest action) throws DlmsException {
    return switch (action) {
      case Service.ActionNormal a -> {
        Access.Target target = begin(a, methods(List.of(a.method())), false).what.get(0);
        yield List.of(
            a.parameters().map(p -> Access.of(target, p)).orElseGet(() -> Access.asked(target)));
      }
      case Service.ActionList a ->
          each(begin(a, methods(a.methods()), true).what, a.parameters(), Access::of);
      case Service.ActionNext a -> asked(of(a).what);
      case Service.ActionFirstBlock a ->
          written(begin(a, methods(List.of(a.method())), false), a, a.block());
      case Service.ActionListFirstBlock a ->
          written(begin(a, methods(a.methods()), true), a, a.block());
      case Service.ActionBlock a -> written(of(a), a, a.block());
    };
  }

  private static List<Access.Target> methods(List<MethodRef> methods) {
    return methods.stream().<Access.Target>map(Access.Method::new).toList();
  }

  private List<Access> acted(Service.ActionResponse acted) throws DlmsException {
    Exchange exchange = of(acted);
    return switch (acted) {
      case Service.ActedNormal a -> List.of(invoked(at(exchange.what, 0), a.outcome()));
      case Service.ActedList a -> each(exchange.what, a.outcomes(), Exchanges::invoked);
      case Service.ActedBlockTaken _ -> asked(exchange.what);
      case Service.ActedBlock a -> {
        Optional<byte[]> whole = exchange.join(a.block());
        if (whole.isEmpty()) {
          yield asked(exchange.what);
        }
        // what the blocks carry is the rest of an action-response, normal or with list
        int kind = exchange.list ? 3 : 1;
        Apdu rest = LongService.whole(whole.get(), 0xC7, kind, a.invoke());
        yield switch (rest) {
          case Service.ActedList all -> each(exchange.what, all.outcomes(), Exchanges::invoked);
          case Service.ActedNormal one -> List.of(invoked(at(exchange.what, 0), one.outcome()));
          default -> List.of();
        };
      }
    };
  }

  private static Access invoked(Access.Target target, Service.Invoked invoked) {
    Access result = Access.of(target, invoked.result());
    if (invoked.returned().isEmpty()) {
      return result;
    }
    Access returned = outcome(target, invoked.returned().get());
    return new Access(
        target,
        returned.value(),
        returned.result().isPresent() ? returned.result() : result.result(),
        result.scaling(),
        result.columns());
  }

  // --- ACCESS

  /** What an ACCESS message is about; an answer by its question's long invoke id. */
  List<Access> take(AccessService service) {
    long id = service.invokeId() & AccessService.INVOKE_ID;
    return switch (service) {
      case AccessService.Request r -> {
        List<Access.Target> what = r.specifications().stream().map(Exchanges::target).toList();
        if (accesses.size() >= MOST_OPEN) {
          accesses.remove(accesses.keySet().iterator().next());
        }
        accesses.put(id, what);
        List<Access> all = new ArrayList<>();
        for (int i = 0; i < what.size(); i++) {
          all.add(given(what.get(i), i < r.data().size() ? r.data().get(i) : NOTHING));
        }
        yield all;
      }
      case AccessService.Response r -> {
        List<Access.Target> what =
            r.request()
                .map(repeated -> repeated.stream().map(Exchanges::target).toList())
                .orElseGet(() -> accesses.getOrDefault(id, List.of()));
        List<Access> all = new ArrayList<>();
        for (int i = 0; i < r.results().size(); i++) {
          Access data = given(at(what, i), i < r.data().size() ? r.data().get(i) : NOTHING);
          boolean told = data.value().isPresent() && r.results().get(i).result().isSuccess();
          all.add(
              told
                  ? data
                  : new Access(
                      data.target(),
                      data.value(),
                      Optional.of(r.results().get(i).result()),
                      data.scaling(),
                      data.columns()));
        }
        yield all;
      }
    };
  }

  private static final DlmsData NOTHING = DlmsData.NullData.of();

  private static Access given(Access.Target target, DlmsData value) {
    return value instanceof DlmsData.NullData ? Access.asked(target) : Access.of(target, value);
  }

  private static Access.Target target(AccessService.Specification one) {
    return switch (one) {
      case AccessService.Specification.Get(Service.Selected what) -> target(what);
      case AccessService.Specification.Set(Service.Selected what) -> target(what);
      case AccessService.Specification.Action(MethodRef method) -> new Access.Method(method);
    };
  }
}
