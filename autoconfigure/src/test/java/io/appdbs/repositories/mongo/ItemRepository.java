package io.appdbs.repositories.mongo;

import org.springframework.data.mongodb.repository.MongoRepository;

interface ItemRepository extends MongoRepository<MongoRepositoriesTests.Item, String> {

}
