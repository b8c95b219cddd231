package org.gridwarden.dlms.meter;

import java.util.Optional;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.Conformance;

/**
 * What a client and the meter agreed upon.
 *
 * @param cipher how APDUs are protected; empty where they are not
 * @param conformance which services may be used
 * @param shortNames whether the client names objects by short names
 * @param clientMax the greatest APDU that the client takes, in bytes
 */
record Negotiated(
    Optional<AssociationCipher> cipher,
    Conformance conformance,
    boolean shortNames,
    int clientMax) {}
