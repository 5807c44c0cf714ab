package io.appdbs.sample.catalog;

import org.springframework.data.annotation.Id;

/**
 * How often a product has been viewed in the last 30 days.
 *
 * @param id the identifier of the product
 * @param views the number of requests
 */
public record PopularProduct(@Id String id, long views) {

}
