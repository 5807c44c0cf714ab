package io.appdbs.warehouse;

/**
 * Value that a conversion stores as a string.
 *
 * @param value the value
 */
public record Code(String value) {

}
