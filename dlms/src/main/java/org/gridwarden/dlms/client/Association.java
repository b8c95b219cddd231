package org.gridwarden.dlms.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * An open association with a meter, with logical names. A resource: closing it releases the
 * association and the link. One thread at a time.
 *
 * <p>Every call may throw {@link IOException} (the link is broken, or the meter did not answer in
 * time), {@link DlmsException} (the meter's bytes are not what they should be, or not genuine) and
 * {@link AssociationRefused} (the meter refuses the service as such); the association is of no use
 * after the first two. That the meter refuses one access is a result.
 */
public final class Association implements AutoCloseable {
  private static final int INVOKE = 0xC1; // id 1, confirmed, high priority
  private static final int MAX_PDU = 0xFFFF;
  // headers, descriptor, protection
  private static final int OVERHEAD = 64;

  private final Exchange exchange;
  private final Initiate.Response negotiated;

  private Association(Exchange exchange, Initiate.Response negotiated) {
    this.exchange = exchange;
    this.negotiated = negotiated;
  }

  /**
   * Opens an association; where it does not come about, the link is closed.
   *
   * @param link closed with the association
   */
  public static Association open(ApduLink link, AssociationRequest request)
      throws IOException, DlmsException, AssociationRefused {
    Exchange exchange = new Exchange(link, request.cipher(), request.patience());
    boolean open = false;
    try {
      Association association = new Association(exchange, Opening.open(exchange, request));
      open = true;
      return association;
    } finally {
      if (!open) {
        link.close();
      }
    }
  }

  /** What the two sides agreed upon. */
  public Initiate.Response negotiated() {
    return negotiated;
  }

  /** Reads an attribute. */
  public Outcome get(AttributeRef attribute) throws IOException, DlmsException, AssociationRefused {
    return get(new Service.Selected(attribute, Optional.empty()));
  }

  /** Reads a part of an attribute. */
  public Outcome get(AttributeRef attribute, Selection selection)
      throws IOException, DlmsException, AssociationRefused {
    return get(new Service.Selected(attribute, Optional.of(selection)));
  }

  private Outcome get(Service.Selected what) throws IOException, DlmsException, AssociationRefused {
    Apdu answer = exchange.ask(new Service.GetNormal(INVOKE, what));
    return switch (answer) {
      case Service.GotNormal got -> got.outcome();
      case Service.GotBlock first -> {
        BlockReader blocks = BlockReader.read(exchange, INVOKE, first);
        yield blocks.refused().isPresent()
            ? new Outcome.Refused(blocks.refused().get())
            : new Outcome.Value(Axdr.decode(blocks.bytes().toByteArray()));
      }
      default -> throw Exchange.unexpected("a value", answer);
    };
  }

  /** Reads several attributes at once, in their order. */
  public List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    Apdu answer = exchange.ask(new Service.GetList(INVOKE, what));
    if (answer instanceof Service.GotBlock first) {
      BlockReader blocks = BlockReader.read(exchange, INVOKE, first);
      if (blocks.refused().isPresent()) {
        throw new AssociationRefused("the meter breaks off its list: " + blocks.refused().get());
      }
      // what the blocks carry is the rest of a get-response-with-list
      byte[] rest = blocks.bytes().toByteArray();
      byte[] whole = new byte[3 + rest.length];
      whole[0] = (byte) 0xC4;
      whole[1] = 3;
      whole[2] = (byte) INVOKE;
      System.arraycopy(rest, 0, whole, 3, rest.length);
      answer = Apdus.decode(whole);
    }
    if (!(answer instanceof Service.GotList got) || got.outcomes().size() != what.size()) {
      throw Exchange.unexpected("a list of " + what.size(), answer);
    }
    return got.outcomes();
  }

  /** Writes an attribute; in blocks where it is longer than the meter takes. */
  public AccessResult set(AttributeRef attribute, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    Service.Selected what = new Service.Selected(attribute, Optional.empty());
    byte[] encoded = Axdr.encode(value);
    int room = negotiated.maxPdu() == 0 ? MAX_PDU : negotiated.maxPdu();
    int part = Math.max(16, room - OVERHEAD);
    if (encoded.length <= part) {
      Apdu answer = exchange.ask(new Service.SetNormal(INVOKE, what, value));
      if (answer instanceof Service.SetDone done) {
        return done.result();
      }
      throw Exchange.unexpected("a result", answer);
    }
    for (int from = 0, number = 1; ; from += part, number++) {
      int length = Math.min(part, encoded.length - from);
      boolean last = from + length == encoded.length;
      Service.Block block =
          new Service.Block(
              last,
              number,
              DlmsData.OctetString.of(Arrays.copyOfRange(encoded, from, from + length)));
      Apdu answer =
          exchange.ask(
              number == 1
                  ? new Service.SetFirstBlock(INVOKE, what, block)
                  : new Service.SetBlock(INVOKE, block));
      if (answer instanceof Service.SetLastBlockTaken done) {
        return done.result();
      }
      if (answer instanceof Service.SetDone done) {
        return done.result();
      }
      if (last || !(answer instanceof Service.SetBlockTaken taken) || taken.block() != number) {
        throw Exchange.unexpected("block " + number + " to be taken", answer);
      }
    }
  }

  /** Invokes a method. */
  public Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    Apdu answer = exchange.ask(new Service.ActionNormal(INVOKE, method, parameters));
    if (answer instanceof Service.ActedNormal acted) {
      return acted.outcome();
    }
    throw Exchange.unexpected("a result", answer);
  }

  /** Releases the association where it still works, and closes the link. */
  @Override
  public void close() throws IOException {
    exchange.release();
  }
}
