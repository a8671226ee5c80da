"""What was said and what was heard while a server was killed again and again."""

import threading


class Publication:
    """One message as its publisher knows it."""

    def __init__(self, publisher, number, topic, priority, own_id):
        self.publisher = publisher
        self.number = number
        self.topic = topic
        self.priority = priority
        self.own_id = own_id
        self.acknowledged = False

    @property
    def key(self):
        return (self.publisher, self.number)

    def data(self):
        return {"publisher": self.publisher, "number": self.number,
                "pad": "x" * (self.number * 7 % 300)}


class Ledger:
    """Shared by all threads. Violations are sentences; a good run has none."""

    def __init__(self):
        self._lock = threading.Lock()
        self._said = {}
        self._identity = {}
        # By subscriber and message: the incarnation that has delivered it last.
        self._heard = {}
        self._last_seq = {}
        self._last_number = {}
        self.violations = []
        self.redelivered = 0
        # How often the server was started.
        self.incarnation = 0

    # Publishers -------------------------------------------------------------------------------

    def say(self, publication):
        with self._lock:
            self._said[publication.key] = publication

    def acknowledge(self, publication, msg_id):
        with self._lock:
            publication.acknowledged = True
            if publication.own_id and msg_id != publication.own_id:
                self._wrong(f"{publication.key} was answered with {msg_id}")

    def acknowledged(self, topic=None):
        """Keys of all messages that the server has confirmed."""
        with self._lock:
            return {p.key for p in self._said.values()
                    if p.acknowledged and topic in (None, p.topic)}

    # Subscribers ------------------------------------------------------------------------------

    def hear(self, subscriber, incarnation, message):
        """One message, delivered by that incarnation of the server, is held against all that is
        known."""
        with self._lock:
            try:
                key = (message["data"]["publisher"], message["data"]["number"])
                said = self._said[key]
            except (KeyError, TypeError):
                return self._wrong(f"{subscriber} got what nobody has published: {message}")
            self._check_content(subscriber, said, message)
            self._check_identity(said, message)
            heard = self._heard.setdefault(subscriber, {})
            if key in heard:
                self._check_repetition(subscriber, heard[key] != incarnation, message)
            else:
                self._check_order(subscriber, said, message)
            heard[key] = incarnation

    def missing(self, subscriber, wanted):
        with self._lock:
            return wanted - self._heard.get(subscriber, {}).keys()

    def wrong(self, what):
        with self._lock:
            self._wrong(what)

    def summary(self):
        with self._lock:
            return {"published": len(self._said),
                    "acknowledged": sum(p.acknowledged for p in self._said.values()),
                    "delivered": sum(len(heard) for heard in self._heard.values()),
                    "redelivered": self.redelivered, "violations": len(self.violations)}

    # Checks, with the lock --------------------------------------------------------------------

    def _wrong(self, what):
        if len(self.violations) < 100:
            self.violations.append(what)

    def _check_content(self, subscriber, said, message):
        if (message["data"], message["topic_name"], message["priority"]) != \
                (said.data(), said.topic, said.priority):
            self._wrong(f"{subscriber} got {said.key} changed: {message}")

    def _check_identity(self, said, message):
        """A message is in its log once, whoever reads it and however often it was published."""
        identity = (message["msg_id"], message["seq"])
        known = self._identity.setdefault(said.key, identity)
        if known != identity:
            self._wrong(f"{said.key} is {known} and {identity}")
        if said.own_id and message["msg_id"] != said.own_id:
            self._wrong(f"{said.key} has another id than its publisher's: {message['msg_id']}")

    def _check_repetition(self, subscriber, after_crash, message):
        """Only after a crash, or with a count that says so."""
        if message["delivery_count"] < 2 and not after_crash:
            self._wrong(f"{subscriber} got a message twice without a word: {message}")
        self.redelivered += 1

    def _check_order(self, subscriber, said, message):
        """What is new comes in the order of its log, and in that of its publisher. A message that
        was lost on its way when the server was killed is not new."""
        if message["delivery_count"] > 1:
            return
        lane = (subscriber, said.topic, said.priority)
        if message["seq"] <= self._last_seq.get(lane, 0):
            self._wrong(f"{subscriber}, {lane}: {message['seq']} after {self._last_seq[lane]}")
        self._last_seq[lane] = message["seq"]
        of_publisher = (*lane, said.publisher)
        if said.number <= self._last_number.get(of_publisher, -1):
            self._wrong(f"{subscriber}, {of_publisher}: {said.number} after "
                        f"{self._last_number[of_publisher]}")
        self._last_number[of_publisher] = said.number
