package io.appdbs.mongo.sharding;

/**
 * An entity whose collection has to be sharded.
 *
 * @param type the name of its class
 * @param collection its collection
 * @param key the shard key
 */
record ShardedEntity(String type, String collection, ShardKey key) {

}
