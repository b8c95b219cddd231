package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@link Service} APDUs in A-XDR (IEC 62056-5-3, clause 9.5). Pure functions; thread-safe. */
final class Services {
  private Services() {}

  /** Reads one part of a list. */
  interface Item<T> {
    T read(AxdrReader in) throws DlmsException;
  }

  static Service read(int tag, AxdrReader in) throws DlmsException {
    if (tag == ApduTag.EXCEPTION_RESPONSE) {
      int state = in.u8("the state error");
      int service = in.u8("the service error");
      return new Service.ExceptionResponse(
          state,
          service,
          service == Service.ExceptionResponse.COUNTER_ERROR && in.left() >= 4
              ? OptionalLong.of(in.i32("the expected counter") & 0xFFFF_FFFFL)
              : OptionalLong.empty());
    }
    int at = in.at();
    int choice = in.u8("the kind of service");
    int invoke = in.u8("invoke-id-and-priority");
    return switch (tag) {
      case ApduTag.GET_REQUEST -> getRequest(choice, invoke, at, in);
      case ApduTag.GET_RESPONSE -> getResponse(choice, invoke, at, in);
      case ApduTag.SET_REQUEST -> setRequest(choice, invoke, at, in);
      case ApduTag.SET_RESPONSE -> setResponse(choice, invoke, at, in);
      case ApduTag.ACTION_REQUEST -> actionRequest(choice, invoke, at, in);
      default -> actionResponse(choice, invoke, at, in);
    };
  }

  private static Service getRequest(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 -> new Service.GetNormal(invoke, selected(in));
      case 2 -> new Service.GetNext(invoke, number(in));
      case 3 -> new Service.GetList(invoke, list(in, Services::selected));
      default -> throw unknown(at, "get-request", choice);
    };
  }

  private static Service getResponse(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 -> new Service.GotNormal(invoke, outcome(in));
      case 2 -> {
        boolean last = in.flag("whether the block is the last");
        long number = number(in);
        boolean refused = in.flag("whether there is a block");
        DlmsData.OctetString raw =
            refused ? DlmsData.OctetString.EMPTY : in.octetString("the block");
        yield new Service.GotBlock(
            invoke,
            new Service.Block(last, number, raw),
            refused ? Optional.of(result(in)) : Optional.empty());
      }
      case 3 -> new Service.GotList(invoke, list(in, Services::outcome));
      default -> throw unknown(at, "get-response", choice);
    };
  }

  private static Service setRequest(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 -> new Service.SetNormal(invoke, selected(in), in.data());
      case 2 -> new Service.SetFirstBlock(invoke, selected(in), block(in));
      case 3 -> new Service.SetBlock(invoke, block(in));
      case 4 ->
          new Service.SetList(invoke, list(in, Services::selected), list(in, AxdrReader::data));
      case 5 -> new Service.SetListFirstBlock(invoke, list(in, Services::selected), block(in));
      default -> throw unknown(at, "set-request", choice);
    };
  }

  private static Service setResponse(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 -> new Service.SetDone(invoke, result(in));
      case 2 -> new Service.SetBlockTaken(invoke, number(in));
      case 3 -> new Service.SetLastBlockTaken(invoke, result(in), number(in));
      case 4 -> new Service.SetLastBlockListTaken(invoke, list(in, Services::result), number(in));
      case 5 -> new Service.SetListDone(invoke, list(in, Services::result));
      default -> throw unknown(at, "set-response", choice);
    };
  }

  private static Service actionRequest(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 ->
          new Service.ActionNormal(
              invoke,
              method(in),
              in.flag("whether there are parameters") ? Optional.of(in.data()) : Optional.empty());
      case 2 -> new Service.ActionNext(invoke, number(in));
      case 3 ->
          new Service.ActionList(invoke, list(in, Services::method), list(in, AxdrReader::data));
      case 4 -> new Service.ActionFirstBlock(invoke, method(in), block(in));
      case 5 -> new Service.ActionListFirstBlock(invoke, list(in, Services::method), block(in));
      case 6 -> new Service.ActionBlock(invoke, block(in));
      default -> throw unknown(at, "action-request", choice);
    };
  }

  private static Service actionResponse(int choice, int invoke, int at, AxdrReader in)
      throws DlmsException {
    return switch (choice) {
      case 1 -> new Service.ActedNormal(invoke, invoked(in));
      case 2 -> new Service.ActedBlock(invoke, block(in));
      case 3 -> new Service.ActedList(invoke, list(in, Services::invoked));
      case 4 -> new Service.ActedBlockTaken(invoke, number(in));
      default -> throw unknown(at, "action-response", choice);
    };
  }

  private static DlmsException unknown(int at, String service, int choice) {
    return malformed(at, "a " + service + " of kind " + choice + " is not defined");
  }

  static <T> List<T> list(AxdrReader in, Item<T> item) throws DlmsException {
    int count = in.length("a list's count");
    List<T> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.charge(LIST_ITEM);
      list.add(item.read(in));
    }
    return list;
  }

  /** A record or two and a place in a list that grows, and in its copy. */
  private static final int LIST_ITEM = 80;

  private static Service.Selected selected(AxdrReader in) throws DlmsException {
    AttributeRef attribute = attribute(in);
    return new Service.Selected(
        attribute,
        in.flag("whether there is a selection") ? Optional.of(selection(in)) : Optional.empty());
  }

  static AttributeRef attribute(AxdrReader in) throws DlmsException {
    return new AttributeRef(
        in.u16("the class id"), in.obis("the instance id"), (byte) in.u8("the attribute index"));
  }

  static Selection selection(AxdrReader in) throws DlmsException {
    return new Selection(in.u8("the access selector"), in.data());
  }

  static MethodRef method(AxdrReader in) throws DlmsException {
    return new MethodRef(
        in.u16("the class id"), in.obis("the instance id"), (byte) in.u8("the method index"));
  }

  private static Service.Block block(AxdrReader in) throws DlmsException {
    return new Service.Block(
        in.flag("whether the block is the last"), number(in), in.octetString("the block"));
  }

  private static long number(AxdrReader in) throws DlmsException {
    return in.i32("the block number") & 0xFFFF_FFFFL;
  }

  static AccessResult result(AxdrReader in) throws DlmsException {
    return new AccessResult(in.u8("the result"));
  }

  private static Outcome outcome(AxdrReader in) throws DlmsException {
    int at = in.at();
    return switch (in.u8("whether there is a value")) {
      case 0 -> {
        DlmsData value = in.data();
        yield value instanceof DlmsData.NullData ? Outcome.Value.NULL : new Outcome.Value(value);
      }
      case 1 -> new Outcome.Refused(result(in));
      default -> throw malformed(at, "whether there is a value is 0 or 1");
    };
  }

  /** Some meters leave the byte that says whether something is returned out where nothing is. */
  private static Service.Invoked invoked(AxdrReader in) throws DlmsException {
    AccessResult result = result(in);
    boolean returns =
        (in.left() > 0 || result.isSuccess()) && in.flag("whether the method returns something");
    return new Service.Invoked(result, returns ? Optional.of(outcome(in)) : Optional.empty());
  }

  static void write(Service apdu, AxdrWriter out) {
    switch (apdu) {
      case Service.ExceptionResponse e -> {
        out.u8(e.state()).u8(e.service());
        e.counter().ifPresent(out::u32);
      }
      case AccessService access -> AccessCodec.write(access, out);
      case ShortNameService shortName -> ShortNameCodec.write(shortName, out);
      case Service.Invocation i -> {
        out.u8(choice(i)).u8(i.invoke());
        write(i, out);
      }
    }
  }

  private static int choice(Service.Invocation apdu) {
    return switch (apdu) {
      case Service.GetNormal _,
          Service.GotNormal _,
          Service.SetNormal _,
          Service.SetDone _,
          Service.ActionNormal _,
          Service.ActedNormal _ ->
          1;
      case Service.GetNext _,
          Service.GotBlock _,
          Service.SetFirstBlock _,
          Service.SetBlockTaken _,
          Service.ActionNext _,
          Service.ActedBlock _ ->
          2;
      case Service.GetList _,
          Service.GotList _,
          Service.SetBlock _,
          Service.SetLastBlockTaken _,
          Service.ActionList _,
          Service.ActedList _ ->
          3;
      case Service.SetList _,
          Service.SetLastBlockListTaken _,
          Service.ActionFirstBlock _,
          Service.ActedBlockTaken _ ->
          4;
      case Service.SetListFirstBlock _, Service.SetListDone _, Service.ActionListFirstBlock _ -> 5;
      case Service.ActionBlock _ -> 6;
    };
  }

  private static void write(Service.Invocation apdu, AxdrWriter out) {
    switch (apdu) {
      case Service.GetNormal g -> selected(g.what(), out);
      case Service.GetNext g -> out.u32(g.block());
      case Service.GetList g -> attributes(g.what(), out);
      case Service.GotNormal g -> outcome(g.outcome(), out);
      case Service.GotBlock g -> {
        out.u8(g.block().last() ? 1 : 0).u32(g.block().number());
        g.refused()
            .ifPresentOrElse(
                why -> out.u8(1).u8(why.code()), () -> out.u8(0).octets(g.block().raw()));
      }
      case Service.GotList g -> {
        out.length(g.outcomes().size());
        g.outcomes().forEach(o -> outcome(o, out));
      }
      case Service.SetNormal s -> {
        selected(s.what(), out);
        out.data(s.value());
      }
      case Service.SetFirstBlock s -> {
        selected(s.what(), out);
        block(s.block(), out);
      }
      case Service.SetBlock s -> block(s.block(), out);
      case Service.SetList s -> {
        attributes(s.what(), out);
        values(s.values(), out);
      }
      case Service.SetListFirstBlock s -> {
        attributes(s.what(), out);
        block(s.block(), out);
      }
      case Service.SetDone s -> out.u8(s.result().code());
      case Service.SetBlockTaken s -> out.u32(s.block());
      case Service.SetLastBlockTaken s -> out.u8(s.result().code()).u32(s.block());
      case Service.SetLastBlockListTaken s -> {
        results(s.results(), out);
        out.u32(s.block());
      }
      case Service.SetListDone s -> results(s.results(), out);
      case Service.ActionNormal a -> {
        method(a.method(), out);
        a.parameters().ifPresentOrElse(p -> out.u8(1).data(p), () -> out.u8(0));
      }
      case Service.ActionNext a -> out.u32(a.block());
      case Service.ActionList a -> {
        methods(a.methods(), out);
        values(a.parameters(), out);
      }
      case Service.ActionFirstBlock a -> {
        method(a.method(), out);
        block(a.block(), out);
      }
      case Service.ActionListFirstBlock a -> {
        methods(a.methods(), out);
        block(a.block(), out);
      }
      case Service.ActionBlock a -> block(a.block(), out);
      case Service.ActedNormal a -> invoked(a.outcome(), out);
      case Service.ActedBlock a -> block(a.block(), out);
      case Service.ActedList a -> {
        out.length(a.outcomes().size());
        a.outcomes().forEach(o -> invoked(o, out));
      }
      case Service.ActedBlockTaken a -> out.u32(a.block());
    }
  }

  private static void selected(Service.Selected what, AxdrWriter out) {
    attribute(what.attribute(), out);
    what.selection()
        .ifPresentOrElse(s -> out.u8(1).u8(s.selector()).data(s.parameters()), () -> out.u8(0));
  }

  static void attribute(AttributeRef a, AxdrWriter out) {
    out.u16(a.classId()).raw(a.instance().bytes()).u8(a.attribute());
  }

  private static void attributes(List<Service.Selected> what, AxdrWriter out) {
    out.length(what.size());
    what.forEach(w -> selected(w, out));
  }

  static void method(MethodRef method, AxdrWriter out) {
    out.u16(method.classId()).raw(method.instance().bytes()).u8(method.method());
  }

  private static void methods(List<MethodRef> methods, AxdrWriter out) {
    out.length(methods.size());
    methods.forEach(m -> method(m, out));
  }

  static void values(List<DlmsData> values, AxdrWriter out) {
    out.length(values.size());
    values.forEach(out::data);
  }

  private static void results(List<AccessResult> results, AxdrWriter out) {
    out.length(results.size());
    results.forEach(r -> out.u8(r.code()));
  }

  private static void block(Service.Block block, AxdrWriter out) {
    out.u8(block.last() ? 1 : 0).u32(block.number()).octets(block.raw());
  }

  static void outcome(Outcome outcome, AxdrWriter out) {
    switch (outcome) {
      case Outcome.Value v -> out.u8(0).data(v.data());
      case Outcome.Refused r -> out.u8(1).u8(r.why().code());
    }
  }

  private static void invoked(Service.Invoked invoked, AxdrWriter out) {
    out.u8(invoked.result().code());
    invoked.returned().ifPresentOrElse(o -> outcome(o, out.u8(1)), () -> out.u8(0));
  }
}
