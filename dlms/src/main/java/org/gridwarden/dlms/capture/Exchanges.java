package org.gridwarden.dlms.capture;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.jspecify.annotations.Nullable;

/**
 * Brings answers together with their questions by the invoke id, and joins the blocks of long
 * values. Not thread-safe.
 */
final class Exchanges {
  /** The longest value that is joined, in bytes. */
  static final int MAX_VALUE = 16 << 20;

  private static final int IDS = 16;
  private final @Nullable Exchange[] open = new @Nullable Exchange[IDS];
  private int joined;

  /** One question and what was seen of its answer. */
  private final class Exchange {
    private List<Access.Target> what = List.of();
    private boolean list;
    private ByteArrayOutputStream blocks = new ByteArrayOutputStream(0);
    private long last;

    /** Whether a block is missing: then nothing is joined. */
    private boolean broken;

    /** Takes a block; the whole value's bytes where it is the last. */
    private Optional<byte[]> join(Service.Block block) {
      if (block.number() == last && last > 0) {
        return Optional.empty(); // doubled
      }
      if (block.number() == 1) {
        restart();
      }
      broken |= block.number() != last + 1 || joined + block.raw().length() > MAX_VALUE;
      last = block.number();
      if (!broken) {
        blocks.writeBytes(block.raw().bytes());
        joined += block.raw().length();
      }
      if (!block.last()) {
        return Optional.empty();
      }
      Optional<byte[]> whole = broken ? Optional.empty() : Optional.of(blocks.toByteArray());
      restart();
      return whole;
    }

    private void restart() {
      joined -= blocks.size();
      blocks = new ByteArrayOutputStream(0);
      last = 0;
      broken = false;
    }
  }

  /** Forgets all: an association begins. */
  void clear() {
    Arrays.fill(open, null);
    joined = 0;
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
    Exchange before = open[service.invoke() % IDS];
    if (before != null) {
      before.restart();
    }
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
        Apdu list =
            Apdus.decode(behind(new byte[] {(byte) 0xC4, 3, (byte) g.invoke()}, whole.get()));
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

  private static byte[] behind(byte[] head, byte[] rest) {
    byte[] whole = Arrays.copyOf(head, head.length + rest.length);
    System.arraycopy(rest, 0, whole, head.length, rest.length);
    return whole;
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
    Apdu read = Apdus.decode(behind(new byte[] {(byte) 0xC1, 4, (byte) service.invoke(), 0}, list));
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
        Apdu rest =
            Apdus.decode(
                behind(new byte[] {(byte) 0xC7, (byte) kind, (byte) a.invoke()}, whole.get()));
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
}
