package org.gridwarden.dlms.meter;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * GET, SET and ACTION of an open association, with lists and blocks (IEC 62056-5-3, clause 9.3.6 to
 * 9.3.8). One thread at a time.
 */
final class LogicalNameServices {
  private static final int LONGEST_VALUE = 64 << 10;
  // header of a block and of its protection
  private static final int OVERHEAD = 48;

  private final ObjectAccess objects;
  private final int clientMax;
  private Optional<Outgoing> outgoing = Optional.empty();
  private Optional<Incoming> incoming = Optional.empty();

  /** A long value on its way out. */
  private static final class Outgoing {
    private final byte[] bytes;
    private int at;
    private long number;

    Outgoing(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** A long value on its way in. */
  private static final class Incoming {
    private final Service.Selected what;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long number;

    Incoming(Service.Selected what) {
      this.what = what;
    }
  }

  LogicalNameServices(ObjectAccess objects, Negotiated with) {
    this.objects = objects;
    this.clientMax = with.clientMax();
  }

  Apdu answer(Apdu question) {
    return switch (question) {
      case Service.GetNormal get -> {
        Outcome outcome = objects.read(get.what());
        yield outcome instanceof Outcome.Value(DlmsData data)
            ? whole(new Service.GotNormal(get.invoke(), outcome), Axdr.encode(data), get.invoke())
            : new Service.GotNormal(get.invoke(), outcome);
      }
      case Service.GetList get -> {
        List<Outcome> outcomes = new ArrayList<>();
        get.what().forEach(what -> outcomes.add(objects.read(what)));
        Service.GotList got = new Service.GotList(get.invoke(), outcomes);
        byte[] encoded = Apdus.encode(got);
        yield whole(got, Arrays.copyOfRange(encoded, 3, encoded.length), get.invoke());
      }
      case Service.GetNext next -> next(next);
      case Service.SetNormal set ->
          new Service.SetDone(set.invoke(), objects.write(set.what(), set.value()));
      case Service.SetList set -> {
        List<AccessResult> results = new ArrayList<>();
        for (int i = 0; i < Math.min(set.what().size(), set.values().size()); i++) {
          results.add(objects.write(set.what().get(i), set.values().get(i)));
        }
        yield new Service.SetListDone(set.invoke(), results);
      }
      case Service.SetFirstBlock first -> {
        incoming = Optional.of(new Incoming(first.what()));
        yield taken(first.invoke(), first.block());
      }
      case Service.SetBlock more -> taken(more.invoke(), more.block());
      case Service.ActionNormal action ->
          new Service.ActedNormal(
              action.invoke(), objects.invoke(action.method(), action.parameters()));
      case Service.ActionList list -> {
        List<Service.Invoked> outcomes = new ArrayList<>();
        for (int i = 0; i < Math.min(list.methods().size(), list.parameters().size()); i++) {
          outcomes.add(
              objects.invoke(list.methods().get(i), Optional.of(list.parameters().get(i))));
        }
        yield new Service.ActedList(list.invoke(), outcomes);
      }
      default ->
          new Service.ExceptionResponse(2, 2, OptionalLong.empty()); // unknown, not supported
    };
  }

  /** The answer at once, or its first block where the client does not take so much. */
  private Apdu whole(Service answer, byte[] raw, int invoke) {
    outgoing = Optional.empty();
    if (raw.length + OVERHEAD <= clientMax) {
      return answer;
    }
    Outgoing value = new Outgoing(raw);
    outgoing = Optional.of(value);
    return block(value, invoke);
  }

  private Apdu block(Outgoing value, int invoke) {
    int length = Math.min(clientMax - OVERHEAD, value.bytes.length - value.at);
    int from = value.at;
    value.at += length;
    value.number++;
    boolean last = value.at == value.bytes.length;
    if (last) {
      outgoing = Optional.empty();
    }
    return new Service.GotBlock(
        invoke,
        new Service.Block(
            last,
            value.number,
            DlmsData.OctetString.of(Arrays.copyOfRange(value.bytes, from, from + length))),
        Optional.empty());
  }

  private Apdu next(Service.GetNext next) {
    if (outgoing.isPresent() && outgoing.get().number == next.block()) {
      return block(outgoing.get(), next.invoke());
    }
    AccessResult why =
        outgoing.isPresent()
            ? AccessResult.DATA_BLOCK_NUMBER_INVALID
            : AccessResult.NO_LONG_GET_IN_PROGRESS;
    outgoing = Optional.empty();
    return new Service.GotBlock(
        next.invoke(),
        new Service.Block(true, next.block(), DlmsData.OctetString.EMPTY),
        Optional.of(why));
  }

  private Apdu taken(int invoke, Service.Block block) {
    if (incoming.isEmpty()) {
      return new Service.SetLastBlockTaken(
          invoke, AccessResult.NO_LONG_SET_IN_PROGRESS, block.number());
    }
    Incoming value = incoming.get();
    AccessResult wrong =
        block.number() != value.number + 1
            ? AccessResult.DATA_BLOCK_NUMBER_INVALID
            : value.bytes.size() + block.raw().length() > LONGEST_VALUE
                ? AccessResult.LONG_SET_ABORTED
                : AccessResult.SUCCESS;
    if (wrong.isSuccess()) {
      value.bytes.writeBytes(block.raw().bytes());
      value.number = block.number();
      if (!block.last()) {
        return new Service.SetBlockTaken(invoke, block.number());
      }
      try {
        wrong = objects.write(value.what, Axdr.decode(value.bytes.toByteArray()));
      } catch (DlmsException e) {
        wrong = AccessResult.TYPE_UNMATCHED;
      }
    }
    incoming = Optional.empty();
    return new Service.SetLastBlockTaken(invoke, wrong, block.number());
  }
}
