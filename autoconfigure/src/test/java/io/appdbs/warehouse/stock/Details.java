package io.appdbs.warehouse.stock;

/**
 * Value that is stored as JSON.
 *
 * @param colour the colour
 * @param weight the weight
 */
public record Details(String colour, int weight) {

}
