package org.gridwarden.exchange.xml;

/**
 * An attribute.
 *
 * @param namespace empty where it has none
 */
public record Attribute(String namespace, String name, String value) {}
