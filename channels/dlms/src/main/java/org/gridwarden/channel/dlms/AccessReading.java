package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.objects.AccessList;

/** Whom a meter lets in, read from its Association LN objects (class 15). Pure functions. */
final class AccessReading {
  private static final int ASSOCIATION = 15;
  private static final int OBJECT_LIST = 2;
  private static final int PARTNERS = 3;
  private static final int MECHANISM = 6;

  private AccessReading() {}

  /**
   * Reads them; an association that the meter does not have is no client.
   *
   * @return empty where the meter shows none of them
   */
  static Optional<MeterAccess> of(List<ObisCode> associations, Questions questions)
      throws IOException, DlmsException, AssociationRefused {
    List<MeterAccess.Client> clients = new ArrayList<>();
    for (ObisCode name : associations) {
      Optional<DlmsData> partners = ask(questions, name, PARTNERS);
      // each by itself: a list is long, and goes in blocks
      Optional<DlmsData> mechanism =
          partners.isEmpty() ? Optional.empty() : ask(questions, name, MECHANISM);
      Optional<DlmsData> objects =
          mechanism.isEmpty() ? Optional.empty() : ask(questions, name, OBJECT_LIST);
      if (objects.isPresent()) {
        clients.add(client(name, partners.get(), mechanism.get(), objects.get()));
      }
    }
    try {
      return clients.isEmpty() ? Optional.empty() : Optional.of(new MeterAccess(clients));
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  private static Optional<DlmsData> ask(Questions questions, ObisCode name, int attribute)
      throws IOException, DlmsException, AssociationRefused {
    return questions.get(List.of(new AttributeRef(ASSOCIATION, name, attribute))).getFirst();
  }

  private static MeterAccess.Client client(
      ObisCode name, DlmsData partners, DlmsData mechanism, DlmsData objects) throws DlmsException {
    if (!(partners instanceof DlmsData.Structure pair)
        || pair.size() != 2
        || !(pair.get(0) instanceof DlmsData.Whole number)) {
      throw new DlmsException(
          DlmsException.Kind.MALFORMED, 0, "associated partners are a client and a server");
    }
    MeterAccess.Level level =
        switch (AccessList.mechanism(mechanism)) {
          case 0 -> MeterAccess.Level.NONE;
          case 1 -> MeterAccess.Level.LOW;
          default -> MeterAccess.Level.HIGH;
        };
    try {
      return new MeterAccess.Client(
          Math.toIntExact(number.asLong()), name, level, AccessList.decode(objects));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed(e);
    }
  }

  private static DlmsException malformed(RuntimeException e) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, String.valueOf(e.getMessage()));
  }
}
