package org.gridwarden.dlms.capture;

/**
 * Something that a message says besides its objects.
 *
 * @param name in words of lower case: {@code mechanism}
 * @param value for a person; never a secret
 */
public record Detail(String name, String value) {}
