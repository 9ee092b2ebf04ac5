// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network traffic that the other side can check: a TCP connection, data both
 * ways at once until SIGTERM.  Each side then prints
 *	sent=BYTES sent_sum=HEX received=BYTES received_sum=HEX
 * and what one sent must be what the other received.  The last data is sent
 * after SIGTERM, so that a connection which stalled on the way never ends.
 *
 *	stream listen PORT
 *	stream connect ADDRESS PORT
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include "traffic.h"

#define CHUNK		16384u
#define WORDS		(CHUNK / sizeof(uint64_t))
#define PACE_US		2000	/* a chunk at most every so often: the CPU is shared */

struct flow {
	int fd;
	uint64_t bytes, sum;
	bool broken;
};

static bool send_all(int fd, const char *data, size_t size)
{
	ssize_t sent;

	for (; size; data += sent, size -= sent) {
		sent = send(fd, data, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
	}
	return true;
}

static void *sender(void *argument)
{
	static uint64_t chunk[WORDS];
	struct flow *flow = argument;
	uint64_t state = 0;
	bool last;

	if (getrandom(&state, sizeof(state), 0) != sizeof(state))
		die("getrandom");
	state |= 1;
	do {
		last = stopping;
		random_fill(chunk, WORDS, &state);
		if (!send_all(flow->fd, (char *)chunk, CHUNK)) {
			perror("send");
			flow->broken = true;
			break;
		}
		flow->sum = sum_words(flow->sum, chunk, WORDS);
		flow->bytes += CHUNK;
		usleep(PACE_US);
	} while (!last);
	shutdown(flow->fd, SHUT_WR);
	return NULL;
}

static void *receiver(void *argument)
{
	static uint64_t chunk[WORDS];
	struct flow *flow = argument;
	ssize_t got;

	while ((got = recv(flow->fd, chunk, CHUNK, MSG_WAITALL)) == CHUNK) {
		flow->sum = sum_words(flow->sum, chunk, WORDS);
		flow->bytes += CHUNK;
	}
	if (got) {
		fprintf(stderr, "the stream broke off\n");
		flow->broken = true;
	}
	return NULL;
}

static int open_socket(void)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		die("socket");
	return fd;
}

static int connect_to(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd = open_socket();

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	return fd;
}

static int accept_on(const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd, listener = open_socket();

	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 1))
		die("listen");
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		die("accept");
	close(listener);
	return fd;
}

int main(int argc, char **argv)
{
	struct flow out = { .sum = SUM_START }, in = { .sum = SUM_START };
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
	pthread_t threads[2];

	if (argc == 4 && !strcmp(argv[1], "connect")) {
		out.fd = connect_to(argv[2], argv[3]);
	} else if (argc == 3 && !strcmp(argv[1], "listen")) {
		out.fd = accept_on(argv[2]);
	} else {
		fputs("usage: stream listen PORT\n       stream connect ADDRESS PORT\n", stderr);
		return 2;
	}
	in.fd = out.fd;
	sigaction(SIGTERM, &action, NULL);
	if (pthread_create(&threads[0], NULL, sender, &out) ||
	    pthread_create(&threads[1], NULL, receiver, &in))
		die("pthread_create");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("sent=%" PRIu64 " sent_sum=%016" PRIx64 " ", out.bytes, out.sum);
	printf("received=%" PRIu64 " received_sum=%016" PRIx64 "\n", in.bytes, in.sum);
	return out.broken || in.broken;
}
