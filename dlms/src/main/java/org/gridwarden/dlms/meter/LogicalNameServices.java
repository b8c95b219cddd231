package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LongService;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * GET, SET and ACTION of an open association, with lists and blocks as they were negotiated (IEC
 * 62056-5-3, clauses 9.3.6 to 9.3.8). One long transfer is under way at a time: a request that does
 * not go on with it ends it. One thread at a time.
 */
final class LogicalNameServices implements Referencing {
  // header of a block and of its protection
  private static final int OVERHEAD = 48;

  /** The head of a service's APDU: tag, kind, invoke id. */
  private static final int HEAD = 3;

  private static final int SET_REQUEST = 0xC1;
  private static final int ACTION_REQUEST = 0xC3;
  private static final int SET_WITH_LIST = 4;
  private static final int ACTION_WITH_LIST = 3;

  private final ObjectAccess objects;
  private final Negotiated with;
  private final AccessServices access;
  private Optional<Transfer> transfer = Optional.empty();

  /** What is under way, and the invoke id that it belongs to. */
  private sealed interface Transfer {
    /** A value that the client reads. */
    record Get(int id, LongAnswer answer) implements Transfer {}

    /** What a method returns. */
    record Acted(int id, LongAnswer answer) implements Transfer {}

    /** Values that the client writes. */
    record Set(int id, List<Service.Selected> what, boolean list, LongQuestion question)
        implements Transfer {}

    /** Parameters of the first block's request. */
    record Act(int id, Service.ActionRequest first, LongQuestion question) implements Transfer {}
  }

  LogicalNameServices(ObjectAccess objects, Negotiated with) {
    this.objects = objects;
    this.with = with;
    this.access = new AccessServices(objects);
  }

  private boolean may(Conformance.Service service) {
    return with.conformance().has(service);
  }

  @Override
  public Optional<Apdu> answer(Apdu question) {
    Optional<Transfer> going = transfer;
    transfer = Optional.empty(); // what goes on with it sets it again
    return switch (question) {
      case Service.GetRequest get when may(Conformance.Service.GET) -> get(get, going);
      case Service.SetRequest set when may(Conformance.Service.SET) -> set(set, going);
      case Service.ActionRequest action when may(Conformance.Service.ACTION) ->
          action(action, going);
      case AccessService.Request request when may(Conformance.Service.ACCESS) ->
          access.answer(request);
      case Apdu.DataNotificationConfirm _ -> {
        transfer = going;
        yield Optional.empty();
      }
      default -> Referencing.notNegotiated();
    };
  }

  @Override
  public Optional<Apdu> notification(AttributeRef attribute) {
    return may(Conformance.Service.EVENT_NOTIFICATION)
            && objects.read(new Service.Selected(attribute, Optional.empty()))
                instanceof Outcome.Value(DlmsData value)
        ? Optional.of(
            new Apdu.EventNotification(
                Optional.empty(),
                attribute.classId(),
                attribute.instance(),
                attribute.attribute(),
                value))
        : Optional.empty();
  }

  private static int id(Service.Invocation service) {
    return service.invoke() & 0x0F;
  }

  /** Whether an answer is wanted (invoke-id-and-priority, bit 6). */
  private static boolean confirmed(Service.Invocation service) {
    return (service.invoke() & 0x40) != 0;
  }

  // --- GET: always confirmed

  private Optional<Apdu> get(Service.GetRequest request, Optional<Transfer> going) {
    return switch (request) {
      case Service.GetNormal get -> Optional.of(get(get));
      case Service.GetList get when may(Conformance.Service.MULTIPLE_REFERENCES) ->
          Optional.of(getList(get));
      case Service.GetNext next when may(Conformance.Service.BLOCK_TRANSFER_WITH_GET) ->
          Optional.of(next(next, going));
      default -> Referencing.notNegotiated();
    };
  }

  private Apdu get(Service.GetNormal get) {
    Outcome outcome = objects.read(get.what());
    Service.GotNormal whole = new Service.GotNormal(get.invoke(), outcome);
    if (outcome instanceof Outcome.Value(DlmsData data)
        && may(Conformance.Service.BLOCK_TRANSFER_WITH_GET)) {
      return fits(Axdr.size(data)) ? whole : firstBlock(Axdr.encode(data), get.invoke());
    }
    return whole;
  }

  private Apdu getList(Service.GetList get) {
    List<Outcome> outcomes = new ArrayList<>();
    AnswerRoom room = new AnswerRoom();
    get.what().forEach(what -> outcomes.add(room.take(objects.read(what))));
    Service.GotList whole = new Service.GotList(get.invoke(), outcomes);
    if (!may(Conformance.Service.BLOCK_TRANSFER_WITH_GET)) {
      return whole;
    }
    byte[] encoded = LongService.body(whole, HEAD);
    return fits(encoded.length) ? whole : firstBlock(encoded, get.invoke());
  }

  private boolean fits(int size) {
    return size + OVERHEAD <= with.clientMax();
  }

  private Apdu firstBlock(byte[] encoded, int invoke) {
    return block(new Transfer.Get(invoke & 0x0F, new LongAnswer(encoded)), invoke);
  }

  private Apdu block(Transfer.Get get, int invoke) {
    Service.Block block = get.answer().next(with.clientMax() - OVERHEAD);
    transfer = block.last() ? Optional.empty() : Optional.of(get);
    return new Service.GotBlock(invoke, block, Optional.empty());
  }

  private Apdu next(Service.GetNext next, Optional<Transfer> going) {
    if (going.orElse(null) instanceof Transfer.Get get && get.id() == id(next)) {
      return get.answer().number() == next.block()
          ? block(get, next.invoke())
          : noBlock(next, AccessResult.DATA_BLOCK_NUMBER_INVALID);
    }
    return noBlock(next, AccessResult.NO_LONG_GET_IN_PROGRESS);
  }

  private static Apdu noBlock(Service.GetNext next, AccessResult why) {
    return new Service.GotBlock(
        next.invoke(),
        new Service.Block(true, next.block(), DlmsData.OctetString.EMPTY),
        Optional.of(why));
  }

  // --- SET

  private Optional<Apdu> set(Service.SetRequest request, Optional<Transfer> going) {
    boolean lists = may(Conformance.Service.MULTIPLE_REFERENCES);
    boolean blocks = may(Conformance.Service.BLOCK_TRANSFER_WITH_SET);
    return switch (request) {
      case Service.SetNormal set ->
          where(
              confirmed(set),
              new Service.SetDone(set.invoke(), objects.write(set.what(), set.value())));
      case Service.SetList set when lists ->
          Referencing.match(set.what(), set.values())
              ? where(
                  confirmed(set),
                  new Service.SetListDone(set.invoke(), write(set.what(), set.values())))
              : Referencing.senseless();
      case Service.SetFirstBlock first when blocks ->
          Optional.of(
              taken(
                  new Transfer.Set(id(first), List.of(first.what()), false, new LongQuestion()),
                  first,
                  first.block()));
      case Service.SetListFirstBlock first when blocks && lists ->
          Optional.of(
              taken(
                  new Transfer.Set(id(first), first.what(), true, new LongQuestion()),
                  first,
                  first.block()));
      case Service.SetBlock next when blocks ->
          Optional.of(
              going.orElse(null) instanceof Transfer.Set set && set.id() == id(next)
                  ? taken(set, next, next.block())
                  : refused(next, next.block(), AccessResult.NO_LONG_SET_IN_PROGRESS));
      default -> Referencing.notNegotiated();
    };
  }

  private static Optional<Apdu> where(boolean wanted, Apdu answer) {
    return wanted ? Optional.of(answer) : Optional.empty();
  }

  private List<AccessResult> write(List<Service.Selected> what, List<DlmsData> values) {
    List<AccessResult> results = new ArrayList<>();
    for (int i = 0; i < what.size(); i++) {
      results.add(objects.write(what.get(i), values.get(i)));
    }
    return results;
  }

  private Apdu taken(Transfer.Set set, Service.SetRequest request, Service.Block block) {
    AccessResult wrong = set.question().take(block.number(), block.raw());
    if (!wrong.isSuccess()) {
      return refused(request, block, wrong);
    }
    if (!block.last()) {
      transfer = Optional.of(set);
      return new Service.SetBlockTaken(request.invoke(), block.number());
    }
    try {
      if (!set.list()) {
        DlmsData value = Axdr.decode(set.question().bytes());
        return new Service.SetLastBlockTaken(
            request.invoke(), objects.write(set.what().getFirst(), value), block.number());
      }
      // the blocks carry the value-list
      Apdu list =
          LongService.whole(
              set.question().bytes(), SET_REQUEST, SET_WITH_LIST, request.invoke(), 0);
      if (list instanceof Service.SetList(_, _, List<DlmsData> values)
          && Referencing.match(set.what(), values)) {
        return new Service.SetLastBlockListTaken(
            request.invoke(), write(set.what(), values), block.number());
      }
    } catch (DlmsException e) {
      // what the blocks join to is no value
    }
    return refused(request, block, AccessResult.TYPE_UNMATCHED);
  }

  private static Apdu refused(Service.SetRequest request, Service.Block block, AccessResult why) {
    return new Service.SetLastBlockTaken(request.invoke(), why, block.number());
  }

  // --- ACTION

  private Optional<Apdu> action(Service.ActionRequest request, Optional<Transfer> going) {
    boolean lists = may(Conformance.Service.MULTIPLE_REFERENCES);
    boolean blocks = may(Conformance.Service.BLOCK_TRANSFER_WITH_ACTION);
    return switch (request) {
      case Service.ActionNormal action ->
          where(
              confirmed(action),
              acted(action, objects.invoke(action.method(), action.parameters())));
      case Service.ActionList list when lists ->
          Referencing.match(list.methods(), list.parameters())
              ? where(confirmed(list), actedList(list, list))
              : Referencing.senseless();
      case Service.ActionFirstBlock first when blocks ->
          Optional.of(
              taken(new Transfer.Act(id(first), first, new LongQuestion()), first, first.block()));
      case Service.ActionListFirstBlock first when blocks && lists ->
          Optional.of(
              taken(new Transfer.Act(id(first), first, new LongQuestion()), first, first.block()));
      case Service.ActionBlock next when blocks ->
          Optional.of(
              going.orElse(null) instanceof Transfer.Act act && act.id() == id(next)
                  ? taken(act, next, next.block())
                  : refused(next, AccessResult.NO_LONG_GET_IN_PROGRESS));
      case Service.ActionNext next when blocks -> Optional.of(next(next, going));
      default -> Referencing.notNegotiated();
    };
  }

  private Apdu taken(Transfer.Act act, Service.ActionRequest request, Service.Block block) {
    AccessResult wrong = act.question().take(block.number(), block.raw());
    if (!wrong.isSuccess()) {
      return refused(request, wrong);
    }
    if (!block.last()) {
      transfer = Optional.of(act);
      return new Service.ActedBlockTaken(request.invoke(), block.number());
    }
    byte[] bytes = act.question().bytes();
    try {
      switch (act.first()) {
        case Service.ActionFirstBlock first -> {
          DlmsData parameters = Axdr.decode(bytes);
          return acted(request, objects.invoke(first.method(), Optional.of(parameters)));
        }
        case Service.ActionListFirstBlock first -> {
          // the blocks carry the list of parameters
          Apdu list =
              LongService.whole(bytes, ACTION_REQUEST, ACTION_WITH_LIST, request.invoke(), 0);
          if (list instanceof Service.ActionList(int invoke, _, List<DlmsData> parameters)
              && Referencing.match(first.methods(), parameters)) {
            return actedList(request, new Service.ActionList(invoke, first.methods(), parameters));
          }
        }
        default -> {}
      }
    } catch (DlmsException e) {
      // what the blocks join to is no value
    }
    return refused(request, AccessResult.TYPE_UNMATCHED);
  }

  private static Apdu refused(Service.ActionRequest request, AccessResult why) {
    return new Service.ActedNormal(request.invoke(), new Service.Invoked(why, Optional.empty()));
  }

  private Apdu acted(Service.ActionRequest request, Service.Invoked outcome) {
    return inBlocks(new Service.ActedNormal(request.invoke(), outcome));
  }

  private Apdu actedList(Service.ActionRequest request, Service.ActionList list) {
    List<Service.Invoked> outcomes = new ArrayList<>();
    AnswerRoom room = new AnswerRoom();
    for (int i = 0; i < list.methods().size(); i++) {
      Service.Invoked invoked =
          objects.invoke(list.methods().get(i), Referencing.given(list.parameters().get(i)));
      outcomes.add(new Service.Invoked(invoked.result(), invoked.returned().map(room::take)));
    }
    return inBlocks(new Service.ActedList(request.invoke(), outcomes));
  }

  /** The answer, or its first block: what the blocks carry is the answer without its head. */
  private Apdu inBlocks(Service.ActionResponse whole) {
    if (!may(Conformance.Service.BLOCK_TRANSFER_WITH_ACTION)) {
      return whole;
    }
    byte[] encoded = LongService.body(whole, HEAD);
    return fits(encoded.length)
        ? whole
        : block(new Transfer.Acted(id(whole), new LongAnswer(encoded)), whole.invoke());
  }

  private Apdu block(Transfer.Acted acted, int invoke) {
    Service.Block block = acted.answer().next(with.clientMax() - OVERHEAD);
    transfer = block.last() ? Optional.empty() : Optional.of(acted);
    return new Service.ActedBlock(invoke, block);
  }

  private Apdu next(Service.ActionNext next, Optional<Transfer> going) {
    if (going.orElse(null) instanceof Transfer.Acted acted && acted.id() == id(next)) {
      return acted.answer().number() == next.block()
          ? block(acted, next.invoke())
          : refused(next, AccessResult.DATA_BLOCK_NUMBER_INVALID);
    }
    return refused(next, AccessResult.NO_LONG_GET_IN_PROGRESS);
  }
}
