package org.gridwarden.dlms.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LongService;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * GET, SET and ACTION with lists and blocks, as far as they were negotiated (IEC 62056-5-3, clauses
 * 9.3.6 to 9.3.8). Where lists were not, each thing is asked for by itself; where a question is too
 * long for the meter and blocks were not, general block transfer carries it or it is refused.
 */
final class LogicalNames implements Referencing {
  private static final MethodRef REPLY_TO_HLS =
      new MethodRef(15, ObisCode.parse("0.0.40.0.0.255"), 1);

  // what protection adds
  private static final int OVERHEAD = 48;

  /** The head of a service's APDU: tag, kind, invoke id. */
  private static final int HEAD = 3;

  private static final int GET_RESPONSE = 0xC4;
  private static final int ACTION_RESPONSE = 0xC7;
  private static final int WITH_LIST = 3;

  private final Exchange exchange;

  LogicalNames(Exchange exchange) {
    this.exchange = exchange;
  }

  private int invoke() {
    return exchange.nextInvoke(true);
  }

  private int room() {
    return Math.max(16, exchange.meterMax() - OVERHEAD);
  }

  // --- GET

  @Override
  public Outcome get(Service.Selected what) throws IOException, DlmsException, AssociationRefused {
    checkReadable(what);
    int invoke = invoke();
    Apdu answer = exchange.ask(new Service.GetNormal(invoke, what));
    return switch (answer) {
      case Service.GotNormal got -> got.outcome();
      case Service.GotBlock first -> {
        LongValue value = new LongValue();
        Optional<AccessResult> refused = read(value, first, invoke);
        yield refused.isPresent()
            ? new Outcome.Refused(refused.get())
            : new Outcome.Value(value.data());
      }
      default -> throw Exchange.unexpected("a value", answer);
    };
  }

  private void checkReadable(Service.Selected what) throws AssociationRefused {
    exchange.require(Conformance.Service.GET);
    if (what.selection().isPresent()) {
      exchange.require(Conformance.Service.SELECTIVE_ACCESS);
    }
    if (what.attribute().attribute() == 0) {
      exchange.require(Conformance.Service.ATTRIBUTE_0_WITH_GET);
    }
  }

  @Override
  public List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    List<Outcome> outcomes = new ArrayList<>();
    if (!exchange.may(Conformance.Service.MULTIPLE_REFERENCES)) {
      for (Service.Selected one : what) {
        outcomes.add(get(one));
      }
      return outcomes;
    }
    for (List<Service.Selected> part : parts(what)) {
      outcomes.addAll(getList(part));
    }
    return outcomes;
  }

  /** The list in as few pieces as fit the meter's APDUs. */
  private List<List<Service.Selected>> parts(List<Service.Selected> what)
      throws AssociationRefused {
    List<List<Service.Selected>> parts = new ArrayList<>();
    List<Service.Selected> part = new ArrayList<>();
    int size = 0;
    for (Service.Selected one : what) {
      checkReadable(one);
      int length = Apdus.encode(new Service.GetNormal(0, one)).length - HEAD;
      if (!part.isEmpty() && (size + length + HEAD + 3 > room() || part.size() == 0xFF)) {
        parts.add(part);
        part = new ArrayList<>();
        size = 0;
      }
      part.add(one);
      size += length;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private List<Outcome> getList(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    int invoke = invoke();
    Apdu answer = exchange.ask(new Service.GetList(invoke, what));
    if (answer instanceof Service.GotBlock first) {
      LongValue value = new LongValue();
      Optional<AccessResult> refused = read(value, first, invoke);
      if (refused.isPresent()) {
        throw new AssociationRefused("the meter breaks off its list: " + refused.get());
      }
      answer = LongService.whole(value.bytes(), GET_RESPONSE, WITH_LIST, invoke);
    }
    if (!(answer instanceof Service.GotList got) || got.outcomes().size() != what.size()) {
      throw Exchange.unexpected("a list of " + what.size(), answer);
    }
    return got.outcomes();
  }

  private Optional<AccessResult> read(LongValue value, Service.GotBlock first, int invoke)
      throws IOException, DlmsException, AssociationRefused {
    Service.GotBlock got = first;
    while (got.refused().isEmpty()) {
      Service.Block block = got.block();
      long number = value.take(block.last(), block.number(), block.raw());
      if (block.last()) {
        return Optional.empty();
      }
      Apdu answer = exchange.ask(new Service.GetNext(invoke, number));
      if (!(answer instanceof Service.GotBlock next)) {
        throw Exchange.unexpected("a block", answer);
      }
      got = next;
    }
    return got.refused();
  }

  // --- SET

  @Override
  public AccessResult set(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    checkWritable(what);
    int invoke = invoke();
    Service whole = new Service.SetNormal(invoke, what, value);
    Apdu answer =
        fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_SET)
            ? exchange.ask(whole)
            : inBlocks(
                new LongValue.Cutter(Axdr.encode(value)),
                block -> new Service.SetFirstBlock(invoke, what, block),
                block -> new Service.SetBlock(invoke, block));
    return switch (answer) {
      case Service.SetDone done -> done.result();
      case Service.SetLastBlockTaken done -> done.result();
      default -> throw Exchange.unexpected("a result", answer);
    };
  }

  private void checkWritable(Service.Selected what) throws AssociationRefused {
    exchange.require(Conformance.Service.SET);
    if (what.selection().isPresent()) {
      exchange.require(Conformance.Service.SELECTIVE_ACCESS);
    }
    if (what.attribute().attribute() == 0) {
      exchange.require(Conformance.Service.ATTRIBUTE_0_WITH_SET);
    }
  }

  /** Whether an APDU is sent whole: it fits, or its service's own blocks were not negotiated. */
  private boolean fits(Service whole, Conformance.Service blocks) {
    return !exchange.may(blocks) || Apdus.encode(whole).length <= room();
  }

  @Override
  public List<AccessResult> set(List<Service.Selected> what, List<DlmsData> values)
      throws IOException, DlmsException, AssociationRefused {
    checkSameSize(what.size(), values.size());
    if (!exchange.may(Conformance.Service.MULTIPLE_REFERENCES)) {
      List<AccessResult> results = new ArrayList<>();
      for (int i = 0; i < what.size(); i++) {
        results.add(set(what.get(i), values.get(i)));
      }
      return results;
    }
    for (Service.Selected one : what) {
      checkWritable(one);
    }
    int invoke = invoke();
    Service whole = new Service.SetList(invoke, what, values);
    Apdu answer =
        fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_SET)
            ? exchange.ask(whole)
            : inBlocks(
                // what the blocks carry is the value-list
                new LongValue.Cutter(
                    LongService.body(new Service.SetList(invoke, List.of(), values), HEAD + 1)),
                block -> new Service.SetListFirstBlock(invoke, what, block),
                block -> new Service.SetBlock(invoke, block));
    List<AccessResult> results =
        switch (answer) {
          case Service.SetListDone done -> done.results();
          case Service.SetLastBlockListTaken done -> done.results();
          case Service.SetLastBlockTaken broken ->
              throw new AssociationRefused("the meter breaks off the list: " + broken.result());
          default -> throw Exchange.unexpected("results", answer);
        };
    if (results.size() != what.size()) {
      throw Exchange.unexpected(what.size() + " results", answer);
    }
    return results;
  }

  private static void checkSameSize(int things, int values) {
    if (things != values) {
      throw new IllegalArgumentException(values + " values for " + things + " things");
    }
  }

  /** Sends a long value in blocks; the answer to the last one, or to the one that was refused. */
  private Apdu inBlocks(
      LongValue.Cutter cutter,
      java.util.function.Function<Service.Block, Service> first,
      java.util.function.Function<Service.Block, Service> next)
      throws IOException, DlmsException, AssociationRefused {
    int head = Apdus.encode(first.apply(new LongValue.Cutter(new byte[1]).next(1))).length + 3;
    if (head >= room()) {
      throw new AssociationRefused("the request's list is too long for the meter");
    }
    Apdu answer = exchange.ask(first.apply(cutter.next(room() - head)));
    while (!cutter.isDone()) {
      boolean taken =
          switch (answer) {
            case Service.SetBlockTaken set -> set.block() == cutter.number();
            case Service.ActedBlockTaken action -> action.block() == cutter.number();
            default -> false;
          };
      if (!taken) {
        return answer;
      }
      answer = exchange.ask(next.apply(cutter.next(room() - 16)));
    }
    return answer;
  }

  @Override
  public void setUnconfirmed(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    checkWritable(what);
    exchange.tell(new Service.SetNormal(exchange.nextInvoke(false), what, value));
  }

  // --- ACTION

  @Override
  public Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.ACTION);
    return invoke(method, parameters);
  }

  private Service.Invoked invoke(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    int invoke = invoke();
    Service whole = new Service.ActionNormal(invoke, method, parameters);
    Apdu answer =
        parameters.isEmpty() || fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_ACTION)
            ? exchange.ask(whole)
            : inBlocks(
                new LongValue.Cutter(Axdr.encode(parameters.get())),
                block -> new Service.ActionFirstBlock(invoke, method, block),
                block -> new Service.ActionBlock(invoke, block));
    if (answer instanceof Service.ActedBlock first) {
      answer = LongService.whole(read(first, invoke), ACTION_RESPONSE, 1, invoke);
    }
    if (answer instanceof Service.ActedNormal acted) {
      return acted.outcome();
    }
    throw Exchange.unexpected("a result", answer);
  }

  @Override
  public List<Service.Invoked> action(List<MethodRef> methods, List<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    checkSameSize(methods.size(), parameters.size());
    exchange.require(Conformance.Service.ACTION);
    if (!exchange.may(Conformance.Service.MULTIPLE_REFERENCES)) {
      List<Service.Invoked> results = new ArrayList<>();
      for (int i = 0; i < methods.size(); i++) {
        results.add(invoke(methods.get(i), Referencing.given(parameters.get(i))));
      }
      return results;
    }
    int invoke = invoke();
    Service whole = new Service.ActionList(invoke, methods, parameters);
    Apdu answer =
        fits(whole, Conformance.Service.BLOCK_TRANSFER_WITH_ACTION)
            ? exchange.ask(whole)
            : inBlocks(
                new LongValue.Cutter(
                    LongService.body(
                        new Service.ActionList(invoke, List.of(), parameters), HEAD + 1)),
                block -> new Service.ActionListFirstBlock(invoke, methods, block),
                block -> new Service.ActionBlock(invoke, block));
    if (answer instanceof Service.ActedBlock first) {
      answer = LongService.whole(read(first, invoke), ACTION_RESPONSE, WITH_LIST, invoke);
    }
    if (answer instanceof Service.ActedNormal broken && !broken.outcome().result().isSuccess()) {
      throw new AssociationRefused("the meter breaks off the list: " + broken.outcome().result());
    }
    if (!(answer instanceof Service.ActedList acted) || acted.outcomes().size() != methods.size()) {
      throw Exchange.unexpected(methods.size() + " results", answer);
    }
    return acted.outcomes();
  }

  private byte[] read(Service.ActedBlock first, int invoke)
      throws IOException, DlmsException, AssociationRefused {
    LongValue value = new LongValue();
    Service.Block block = first.block();
    while (true) {
      long number = value.take(block.last(), block.number(), block.raw());
      if (block.last()) {
        return value.bytes();
      }
      Apdu answer = exchange.ask(new Service.ActionNext(invoke, number));
      if (!(answer instanceof Service.ActedBlock next)) {
        throw Exchange.unexpected("a block", answer);
      }
      block = next.block();
    }
  }

  @Override
  public void actionUnconfirmed(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    exchange.require(Conformance.Service.ACTION);
    exchange.tell(new Service.ActionNormal(exchange.nextInvoke(false), method, parameters));
  }

  @Override
  public Service.Invoked replyToHls(DlmsData proof)
      throws IOException, DlmsException, AssociationRefused {
    return invoke(REPLY_TO_HLS, Optional.of(proof)); // whatever was negotiated
  }
}
