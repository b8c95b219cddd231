package org.gridwarden.dlms.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * An open association with a meter; its objects are called by their logical names, whether it uses
 * these or short names. A resource: closing it releases the association and the link. One thread at
 * a time.
 *
 * <p>Every call may throw {@link IOException} (the link is broken, or the meter did not answer in
 * time), {@link DlmsException} (the meter's bytes are not what they should be, or not genuine) and
 * {@link AssociationRefused} (the meter refuses the service as such, or it was not negotiated); the
 * association is of no use after the first two. That the meter refuses one access is a result.
 *
 * <p>Interrupting the thread that waits cancels the call: the link is closed, and the call ends
 * with an {@link java.io.InterruptedIOException}; the thread stays interrupted.
 */
public final class Association implements AutoCloseable {
  private final Exchange exchange;
  private final Initiate.Response negotiated;
  private final Referencing services;
  private long accesses;

  private Association(Exchange exchange, Initiate.Response negotiated, Referencing services) {
    this.exchange = exchange;
    this.negotiated = negotiated;
    this.services = services;
  }

  /**
   * Opens an association; where it does not come about, the link is closed.
   *
   * @param link closed with the association
   */
  public static Association open(ApduLink link, AssociationRequest request)
      throws IOException, DlmsException, AssociationRefused {
    AssociationRequest begun = request.begun();
    Exchange exchange = new Exchange(link, begun);
    boolean open = false;
    try {
      Initiate.Response negotiated = Opening.open(exchange, begun);
      Association association =
          new Association(exchange, negotiated, Referencing.of(exchange, begun));
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

  /** Something that is asked of a meter. */
  public interface Call<T> {
    T on(Association meter) throws IOException, DlmsException, AssociationRefused;
  }

  /**
   * Asks something that must be done in a time, however many questions it takes. Calls may nest:
   * the shorter time holds.
   *
   * @throws java.net.SocketTimeoutException where it takes longer
   */
  public <T> T within(Duration longest, Call<T> call)
      throws IOException, DlmsException, AssociationRefused {
    long now = System.nanoTime();
    long end = now + longest.toNanos();
    OptionalLong before = exchange.limit(OptionalLong.empty());
    exchange.limit(
        before.isPresent() && before.getAsLong() - end < 0 ? before : OptionalLong.of(end));
    try {
      return call.on(this);
    } finally {
      exchange.limit(before);
    }
  }

  /** Reads an attribute; 0 stands for all of an object's, where that was negotiated. */
  public Outcome get(AttributeRef attribute) throws IOException, DlmsException, AssociationRefused {
    return services.get(new Service.Selected(attribute, Optional.empty()));
  }

  /** Reads a part of an attribute. */
  public Outcome get(AttributeRef attribute, Selection selection)
      throws IOException, DlmsException, AssociationRefused {
    return services.get(new Service.Selected(attribute, Optional.of(selection)));
  }

  /** Reads several attributes, in their order, with as few questions as the meter allows. */
  public List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    return services.get(what);
  }

  /** Writes an attribute; in blocks where it is longer than the meter takes. */
  public AccessResult set(AttributeRef attribute, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    return services.set(new Service.Selected(attribute, Optional.empty()), value);
  }

  /**
   * Writes several attributes, in their order.
   *
   * @param values one for each
   * @throws IllegalArgumentException where there are more or fewer
   */
  public List<AccessResult> set(List<Service.Selected> what, List<DlmsData> values)
      throws IOException, DlmsException, AssociationRefused {
    return services.set(what, values);
  }

  /** Writes an attribute; the meter does not tell how it went. */
  public void setUnconfirmed(AttributeRef attribute, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    services.setUnconfirmed(new Service.Selected(attribute, Optional.empty()), value);
  }

  /** Invokes a method. */
  public Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    return services.action(method, parameters);
  }

  /**
   * Invokes several methods, in their order.
   *
   * @param parameters one for each: null-data for none
   * @throws IllegalArgumentException where there are more or fewer
   */
  public List<Service.Invoked> action(List<MethodRef> methods, List<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    return services.action(methods, parameters);
  }

  /** Invokes a method; the meter does not tell how it went. */
  public void actionUnconfirmed(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    services.actionUnconfirmed(method, parameters);
  }

  /** Reads, writes and methods mixed in one request, with logical names. */
  public Access access() {
    return new Access(exchange, ++accesses & AccessService.INVOKE_ID);
  }

  /**
   * Carries a request that a third party signed, under this association's own protection, and
   * brings back the meter's signed answer to them, both untouched. The signature of neither is
   * checked here.
   *
   * @throws DlmsException UNAUTHENTICATED where the answer, or a refusal, may be anybody's: what
   *     became of the request is not known
   * @throws AssociationRefused where the meter itself refuses it, or it was not sent: nothing was
   *     done
   */
  public GeneralSigning carry(GeneralSigning signed)
      throws IOException, DlmsException, AssociationRefused {
    return exchange.carry(signed);
  }

  /** Waits for what the meter says unasked, which the request's listener hears. */
  public void listen(Duration time) throws IOException, DlmsException {
    exchange.listen(time);
  }

  /** Releases the association where it still works, and closes the link. */
  @Override
  public void close() throws IOException {
    exchange.release();
  }
}
